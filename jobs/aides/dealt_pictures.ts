/** The pictures of a generation, dealt out one by one to its painter and to whoever helps. */

import { pauseUntil } from "../until_stored.ts";
import type { PaintedPicture } from "../painted_picture.ts";
import type { RelayedStep, ToAide, ToPainter } from "./exchange.ts";
import type { SessionListener } from "./session.ts";

/** An aide that is silent for longer than so many steps, its own or the painter's, and some milliseconds, is done without. */
const SILENT_STEPS = 10;
const SILENT_MS = 10_000;

/** Milliseconds between two looks at that. */
const LOOK_MS = 1000;

/** A picture that is to be painted. */
export interface PictureToPaint {
  /** Which of several, from 0. */
  readonly picture: number;
  /** A checkpoint that it is gone on from; null: it is begun. */
  readonly from: Uint8Array | null;
}

/** What each picture takes. */
export interface PictureCost {
  readonly steps: number;
  /** Milliseconds that a step takes here; asked anew as they are measured. */
  readonly stepMs: () => number;
}

/** Who is told of what others do. */
export interface PictureListener {
  step(picture: number, step: RelayedStep): void;
  /** @returns Whether it is such a picture at all; else it is lost. */
  painted(picture: number, painted: PaintedPicture): boolean;
  /** Its steps have to be taken again. */
  lost(picture: number): void;
}

/** What it says things over. */
export interface PictureHelpers {
  readonly ready: readonly string[];
  say(aide: string, message: Extract<ToAide, { type: "PAINT" }>): Promise<boolean>;
  /** Does without it for the rest of the generation. */
  dismiss(aide: string): void;
}

/** A picture in the hands of an aide. */
interface Dealt {
  readonly picture: number;
  heardAt: number;
  /** Milliseconds between what was heard of it at last and before. */
  stepMs: number;
}

/** Deals pictures. What is lost is dealt again, to the painter first where it has nothing else to do. */
export class DealtPictures implements SessionListener {
  readonly #waiting: PictureToPaint[];
  readonly #dealt = new Map<string, Dealt>();
  readonly #painters = new Set<string>();
  #changed = Promise.withResolvers<void>();
  #painterWaits = false;

  /** @param helpers Asked once there are some. */
  constructor(
    pictures: readonly PictureToPaint[],
    private readonly each: PictureCost,
    private readonly helpers: () => PictureHelpers,
    private readonly listener: PictureListener,
  ) {
    this.#waiting = [...pictures];
  }

  /** How many workers have painted some of it, the painter among them. */
  get workers(): number {
    return 1 + this.#painters.size;
  }

  /** How many paint now. */
  get painting(): number {
    return 1 + this.#dealt.size;
  }

  /** What the painter paints next: once others are done, or have lost something; null when all is painted, or on abort. */
  async next(signal: AbortSignal): Promise<PictureToPaint | null> {
    this.#painterWaits = true;
    try {
      for (;;) {
        const next = this.#waiting.shift();
        if (next !== undefined || this.#dealt.size === 0 || signal.aborted) return next ?? null;
        this.#changed = Promise.withResolvers();
        await pauseUntil(this.#changed.promise, LOOK_MS, signal);
        this.#dropSilent();
      }
    } finally {
      this.#painterWaits = false;
      if (!signal.aborted) this.#deal(); // several may have been lost at once
    }
  }

  joined(): void {
    this.#deal();
  }

  left(aide: string): void {
    this.#putBack(aide, null);
  }

  heard(aide: string, message: ToPainter): void {
    const dealt = this.#dealt.get(aide);
    if (dealt === undefined || !("picture" in message) || dealt.picture !== message.picture) return; // too late
    const now = performance.now();
    dealt.stepMs = now - dealt.heardAt;
    dealt.heardAt = now;
    switch (message.type) {
      case "STEP":
        if (!isStep(message.step, this.each.steps)) return this.helpers().dismiss(aide);
        return this.listener.step(dealt.picture, message.step);
      case "PAINTED":
        if (!this.listener.painted(dealt.picture, message.painted)) return this.helpers().dismiss(aide);
        this.#dealt.delete(aide);
        this.#painters.add(aide);
        this.#deal();
        return this.#changed.resolve();
      case "LEFT":
        return this.#putBack(aide, message.checkpoint);
    }
  }

  /** Gives each aide that has nothing to do a picture, as far as there are some. */
  #deal(): void {
    if (this.#painterWaits) return;
    const helpers = this.helpers();
    for (const aide of helpers.ready) {
      if (this.#dealt.has(aide)) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#dealt.set(aide, { picture: next.picture, heardAt: performance.now(), stepMs: 0 });
      void helpers.say(aide, { type: "PAINT", ...next }); // who does not hear it has left
    }
  }

  #putBack(aide: string, from: Uint8Array | null): void {
    const dealt = this.#dealt.get(aide);
    if (dealt === undefined) return;
    this.#dealt.delete(aide);
    if (from !== null) this.#painters.add(aide);
    this.#waiting.unshift({ picture: dealt.picture, from });
    this.listener.lost(dealt.picture);
    this.#deal();
    this.#changed.resolve();
  }

  #dropSilent(): void {
    const here = this.each.stepMs();
    for (const [aide, { heardAt, stepMs }] of [...this.#dealt]) {
      const patienceMs = SILENT_STEPS * Math.max(stepMs, here) + SILENT_MS;
      if (performance.now() - heardAt > patienceMs) this.helpers().dismiss(aide);
    }
  }
}

/** Whether it is a step of so many; it has come from another machine. */
function isStep({ step, steps, preview: { width, height, data } }: RelayedStep, each: number): boolean {
  return Number.isInteger(step) && step >= 1 && step <= each && steps === each && data.length === 3 * width * height;
}

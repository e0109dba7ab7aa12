/** Predictions of one picture, made by several workers. */

import { getLogger } from "@logtape/logtape";
import type { Aides, SharedCall } from "../../compute/pipeline/shared_calls.ts";
import type { SessionListener } from "./session.ts";
import type { ToAide, ToPainter } from "./exchange.ts";

const log = getLogger(["parterre", "jobs", "aides"]);

/** Milliseconds between two looks at whether those who owe something are there. */
const LOOK_MS = 250;

/**
 * How long parts are waited for, from when they are given away: so many times as long as it would take to make both these
 * and the painter's own ones here, and some milliseconds.
 */
const PATIENCE = 1.5;
const PATIENCE_MS = 500;

/** Who takes longer than that would take, so many times in a row and by more than some milliseconds, is no help. */
const SLOW_CALLS = 3;
const SLOW_MS = 20;

/** What it says things over. */
export interface Helpers {
  readonly ready: readonly string[];
  say(aide: string, message: Extract<ToAide, { type: "PREDICT" | "PING" }>): Promise<boolean>;
  /** Does without it for the rest of the picture. */
  dismiss(aide: string): void;
}

/** A call of which others have parts. */
interface OpenCall {
  /** By aide: the parts that it owes. */
  readonly owed: Map<string, readonly number[]>;
  readonly made: Map<number, Float32Array | null>;
  /** Resolves when nothing is owed. */
  readonly over: PromiseWithResolvers<void>;
  /** When they were given away. */
  readonly since: number;
  /** How long an aide's parts and as many of the painter's take here. */
  readonly aloneMs: number;
}

/** Gives parts of calls to whoever is there, evenly and in the order of their numbers, the painter's first. */
export class SharedPredictions implements Aides, SessionListener {
  readonly present = new Int32Array(new SharedArrayBuffer(4));
  readonly #calls = new Map<number, OpenCall>();
  /** Who has made something. */
  readonly #made = new Set<string>();
  /** By aide: how many calls in a row were slow. */
  readonly #slow = new Map<string, number>();
  #helped = false;

  /**
   * @param helpers Asked once there are some.
   * @param partMs Milliseconds that a prediction of a pass takes here.
   */
  constructor(private readonly helpers: () => Helpers, private readonly partMs: (pass: SharedCall["pass"]) => number) {}

  /** How many workers have made predictions of the picture, its painter among them. */
  get workers(): number {
    return 1 + this.#made.size;
  }

  /** Whether others have made predictions since this was asked last. */
  takeHelped(): boolean {
    const helped = this.#helped;
    this.#helped = false;
    return helped;
  }

  async share(call: SharedCall, count: number): Promise<readonly number[]> {
    const helpers = this.helpers();
    const aides = helpers.ready.slice(0, count - 1);
    if (aides.length === 0) return [];
    const shares = evenly(count, aides.length + 1);
    const most = Math.max(...shares.map(({ length }) => length));
    const [since, aloneMs] = [performance.now(), 2 * most * this.partMs(call.pass)];
    const open: OpenCall = { owed: new Map(), made: new Map(), over: Promise.withResolvers(), since, aloneMs };
    this.#calls.set(call.id, open);
    // Owed before they are told: an answer may come before the telling is confirmed.
    for (const [i, aide] of aides.entries()) open.owed.set(aide, shares[i + 1] ?? []);
    const given = await Promise.all([...open.owed].map(async ([aide, parts]) => {
      return await helpers.say(aide, { type: "PREDICT", call: { ...call, parts } }) ? parts : [];
    }));
    const taken = given.flat();
    if (taken.length === 0) this.#calls.delete(call.id);
    return taken;
  }

  async collect(id: SharedCall["id"]): Promise<ReadonlyMap<number, Float32Array | null>> {
    const open = this.#calls.get(id);
    if (open === undefined) return new Map();
    const helpers = this.helpers();
    const looking = setInterval(() => {
      for (const aide of open.owed.keys()) void helpers.say(aide, { type: "PING" });
    }, LOOK_MS);
    const late = setTimeout(() => {
      for (const aide of [...open.owed.keys()]) this.#dismiss(aide, open);
    }, PATIENCE * open.aloneMs + PATIENCE_MS);
    try {
      if (open.owed.size > 0) await open.over.promise;
      return open.made;
    } finally {
      clearInterval(looking);
      clearTimeout(late);
      this.#calls.delete(id);
    }
  }

  joined(): void {
    this.#count();
  }

  left(aide: string): void {
    this.#count();
    for (const open of this.#calls.values()) this.#settle(open, aide);
  }

  heard(aide: string, message: ToPainter): void {
    if (message.type !== "PREDICTED") return;
    const open = this.#calls.get(message.call);
    const owed = open?.owed.get(aide);
    if (open === undefined || owed === undefined) return; // too late
    for (const [i, part] of message.parts.entries()) {
      if (owed.includes(part)) open.made.set(part, message.predictions[i] ?? null);
    }
    this.#made.add(aide);
    this.#helped = true;
    const slow = performance.now() - open.since > open.aloneMs + SLOW_MS ? (this.#slow.get(aide) ?? 0) + 1 : 0;
    this.#slow.set(aide, slow);
    this.#settle(open, aide);
    if (slow >= SLOW_CALLS) this.#dismiss(aide, open);
  }

  #dismiss(aide: string, { since }: OpenCall): void {
    log.info("Goes on without {aide}, which took {ms} ms", { aide, ms: Math.round(performance.now() - since) });
    this.helpers().dismiss(aide);
  }

  #settle(open: OpenCall, aide: string): void {
    open.owed.delete(aide);
    if (open.owed.size === 0) open.over.resolve();
  }

  #count(): void {
    Atomics.store(this.present, 0, this.helpers().ready.length);
  }
}

/** 0 to `count` - 1 in so many runs, which differ by one at most; the longer ones come first. */
export function evenly(count: number, workers: number): readonly (readonly number[])[] {
  const ends = Array.from({ length: workers + 1 }, (_, i) => Math.ceil(i * count / workers));
  return ends.slice(1).map((end, i) => Array.from({ length: end - (ends[i] ?? 0) }, (_, k) => (ends[i] ?? 0) + k));
}

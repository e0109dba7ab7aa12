/**
 * Layouts drawn and measured on threads of their own, which keep the server's thread free and can be ended: a short
 * request can ask for many large, soft regions.
 */

import type { Remote } from "comlink";
import { InvalidInputError } from "../../errors.ts";
import type { ImageFormat } from "../../image/format.ts";
import { type Outcome, valueOf } from "../../image/outcome.ts";
import type { LayoutReport } from "../../layout/report/report.ts";
import { BusyError } from "../../workers/fair_queue.ts";
import { type PaidTurn, TimedWorker } from "../../workers/timed_worker.ts";
import { BudgetExceededError } from "../../workers/work_budget.ts";
import type { Draft, DraftingApi } from "./drafting_protocol.ts";

export type { Draft } from "./drafting_protocol.ts";

/** Milliseconds after its latest draft until a thread is ended. */
const IDLE_MS = 60_000;

/** A second caller's first draft need not wait until another's long one is done. */
const THREADS = { hands: 2, handsPerLane: 1 };

/** A layout could not be drawn, through no fault of its own. */
export class DrafterError extends Error {
  override readonly name = "DrafterError";

  /** @param code CLOSED: after {@link LayoutDrafter.close}. FAILED: the worker died, for instance for want of memory. */
  constructor(readonly code: "CLOSED" | "FAILED", message: string) {
    super(message);
  }
}

/** What a draft fails with as it is. */
const EXPECTED = [InvalidInputError, DrafterError, BusyError, BudgetExceededError] as const;

/**
 * Drafts of layouts, one of each caller at a time, callers in turns. All methods throw {@link InvalidInputError}: INVALID_GEOMETRY at
 * `layout` if the draft takes longer than the limit, and what the functions of `layout/` throw that they are named after;
 * {@link BusyError} if too many drafts wait; {@link BudgetExceededError} if the turn's budget is spent; the reason of the
 * turn's signal once that aborts, which also ends the draft; {@link DrafterError} otherwise.
 *
 * @example
 * ```ts
 * using drafter = new LayoutDrafter();
 * const svg = await drafter.svg({ layout, size: { width: 512, height: 512, factor: 8 }, images: NO_IMAGES });
 * ```
 */
export class LayoutDrafter {
  readonly #timeLimitMs: number;
  readonly #worker: TimedWorker<DraftingApi>;

  /** @param options.timeLimitMs Milliseconds that one draft may take; default 20,000. */
  constructor({ timeLimitMs = 20_000 }: { readonly timeLimitMs?: number } = {}) {
    this.#timeLimitMs = timeLimitMs;
    this.#worker = new TimedWorker({
      script: new URL("./drafting_worker.ts", import.meta.url),
      name: "drafting",
      timeLimitMs,
      idleMs: IDLE_MS,
      limits: THREADS,
      closed: () => new DrafterError("CLOSED", "Cannot draw a layout: the drafter is closed"),
    });
  }

  /** How many drafts wait or are under way. */
  get pending(): number {
    return this.#worker.pending;
  }

  /**
   * Whether weight maps can be made for each of some sets of painting regions, see `compileWeightMaps`.
   * @param paints For each set, whether each region paints.
   */
  async check(draft: Draft, paints: readonly (readonly boolean[])[], turn?: PaidTurn): Promise<void> {
    await this.#draft(draft, turn, (api) => api.check(draft, paints));
  }

  /** What each region gets, see `reportLayout`. */
  report(draft: Draft, { levels, steps }: { levels: number; steps: number }, turn?: PaidTurn): Promise<LayoutReport> {
    return this.#draft(draft, turn, (api) => api.report(draft, levels, steps));
  }

  /** An SVG document, see `drawLayoutSvg`. */
  svg(draft: Draft, turn?: PaidTurn): Promise<string> {
    return this.#draft(draft, turn, (api) => api.svg(draft));
  }

  /** The file of a picture, see `drawLayout`. */
  async picture(draft: Draft, format: ImageFormat, turn?: PaidTurn): Promise<Uint8Array> {
    turn?.budget?.spend("pixels", draft.size.width * draft.size.height);
    return await this.#draft(draft, turn, (api) => api.picture(draft, format));
  }

  /** Ends the threads at once. Unanswered and later calls fail. Closing again does nothing. */
  close(): void {
    this.#worker.close();
  }

  /** Closes the drafter at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #draft<T>(
    { layout, size: { width, height } }: Draft,
    turn: PaidTurn | undefined,
    draw: (api: Remote<DraftingApi>) => Promise<Outcome<T>>,
  ): Promise<T> {
    const late = () => {
      const value = `${layout.regions.length} regions on ${width} x ${height} pixels`;
      const rule = `must be drawn within ${this.#timeLimitMs / 1000} s`;
      return new InvalidInputError("INVALID_GEOMETRY", ["layout"], value, rule);
    };
    turn?.budget?.spend("drafts", 1);
    const failed = (reason: string) => new DrafterError("FAILED", `Cannot draw a layout: ${reason}`);
    try {
      return valueOf(await this.#worker.call(draw, { late, turn }), failed);
    } catch (error) {
      if (turn?.signal?.aborted || EXPECTED.some((type) => error instanceof type)) throw error;
      throw failed(error instanceof Error ? error.message : String(error));
    }
  }
}

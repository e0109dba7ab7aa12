/** Counting what callers hold open, so that neither one of them nor all together hold too much. */

/** How many there may be, in all and of one caller. */
export interface CallerMaxima {
  readonly inAll: number;
  readonly perCaller: number;
}

/** Why there may be no more: all together have the most that there may be, or this caller alone has. */
export type Excess = "IN_ALL" | "PER_CALLER";

/** Counts by lane; see `Caller`. */
export class CallerCounts {
  readonly #byLane = new Map<string, number>();
  #active = 0;

  constructor(readonly maxima: CallerMaxima) {}

  /** How many are open. */
  get active(): number {
    return this.#active;
  }

  /**
   * Counts one more; the function counts it out, once however often it is called.
   * @param perCaller For a caller with a limit of its own.
   */
  take(lane: string, perCaller: number = this.maxima.perCaller): (() => void) | Excess {
    const own = this.#byLane.get(lane) ?? 0;
    if (own >= perCaller) return "PER_CALLER";
    if (this.#active >= this.maxima.inAll) return "IN_ALL";
    this.#byLane.set(lane, own + 1);
    this.#active++;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#active--;
      const left = (this.#byLane.get(lane) ?? 1) - 1;
      if (left > 0) this.#byLane.set(lane, left);
      else this.#byLane.delete(lane);
    };
  }
}

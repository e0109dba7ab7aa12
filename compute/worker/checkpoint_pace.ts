/** How often checkpoints are made: as often as they cost next to nothing. */

/** The time that passes between two of them is at least so many times what one costs: 1 %. */
const TIMES_ITS_COST = 100;

/** Says when the next checkpoint is due. */
export class CheckpointPace {
  #since: number;
  #costMs = 0;

  /**
   * @param everyMs Milliseconds between two, at least; a picture that is done earlier has none. Null: none are made.
   * @param now The clock, in milliseconds.
   */
  constructor(private readonly everyMs: number | null, private readonly now: () => number = () => performance.now()) {
    this.#since = now();
  }

  /** Makes one if it is due, and measures what it costs; else null. */
  make<T>(checkpoint: () => T): T | null {
    const begun = this.now();
    if (this.everyMs === null || begun - this.#since < Math.max(this.everyMs, TIMES_ITS_COST * this.#costMs)) {
      return null;
    }
    const made = checkpoint();
    this.#since = this.now();
    this.#costMs = this.#since - begun;
    return made;
  }
}

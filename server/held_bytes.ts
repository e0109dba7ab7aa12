/** What is held in memory for clients that have yet to read it: bounded in all, however many they are. */

/** Counts bytes that wait to be sent. */
export class HeldBytes {
  #held = 0;

  /** @param limit Bytes that may be held in all. */
  constructor(readonly limit: number) {}

  /** How many are held now. */
  get held(): number {
    return this.#held;
  }

  /** Takes room for some bytes; the function gives it back, and must be called once. Undefined where there is none. */
  take(bytes: number): (() => void) | undefined {
    // One answer alone is always let through: it is limited by itself.
    if (this.#held > 0 && this.#held + bytes > this.limit) return undefined;
    this.#held += bytes;
    return () => {
      this.#held -= bytes;
    };
  }
}

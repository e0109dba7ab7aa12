/** What is held in memory for clients that have yet to read it: bounded in all, however many they are. */

interface Held {
  readonly bytes: number;
  readonly cutOff: () => void;
}

/** Bytes that wait to be read. Where they would become too many, whoever has kept some waiting longest is cut off. */
export class HeldBytes {
  /** In the order in which they came, so that those whose clients do not read stand first. */
  readonly #waiting = new Set<Held>();
  #bytes = 0;

  /** @param limit Bytes that may wait in all; those of one client alone are let through, since they are limited as such. */
  constructor(readonly limit: number) {}

  /** How many wait now. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Holds some bytes; the function, which may be called more than once, tells that they need not be held any longer.
   * @param cutOff Ends the connection that they are for.
   */
  hold(bytes: number, cutOff: () => void): () => void {
    if (bytes === 0) return () => {}; // who has nothing waiting cannot make room
    for (const longest of this.#waiting) {
      if (this.#bytes + bytes <= this.limit) break;
      this.#release(longest);
      longest.cutOff();
    }
    const held = { bytes, cutOff };
    this.#waiting.add(held);
    this.#bytes += bytes;
    return () => this.#release(held);
  }

  #release(held: Held): void {
    if (this.#waiting.delete(held)) this.#bytes -= held.bytes;
  }
}

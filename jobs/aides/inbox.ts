/** Messages in the order in which they came, for one reader who does not wait for ever. */

import { pause } from "../until_stored.ts";

/** Messages that were not read yet. */
export class Inbox<T> {
  readonly #messages: T[] = [];
  #arrived = Promise.withResolvers<void>();
  #closed = false;

  put(message: T): void {
    this.#messages.push(message);
    this.#arrived.resolve();
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.#closed = true;
    this.#arrived.resolve();
  }

  /** The next message, once there is one; null after some milliseconds, on abort, and once it is closed. */
  async take(ms: number, signal: AbortSignal): Promise<T | null> {
    if (this.#messages.length === 0 && !this.#closed) {
      this.#arrived = Promise.withResolvers();
      const over = new AbortController();
      await Promise.race([this.#arrived.promise, pause(ms, AbortSignal.any([signal, over.signal]))]);
      over.abort();
    }
    return this.#closed || signal.aborted ? null : this.#messages.shift() ?? null;
  }
}

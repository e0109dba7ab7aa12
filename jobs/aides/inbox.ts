/** Messages in the order in which they came, for one reader who does not wait for ever. */

import { pauseUntil } from "../until_stored.ts";

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
      await pauseUntil(this.#arrived.promise, ms, signal);
    }
    return this.#closed || signal.aborted ? null : this.#messages.shift() ?? null;
  }
}

/** Who may use the database next, of many who want to at once. */

import { StorageError } from "../../assets/storage_error.ts";

/**
 * Hands out so many slots, in the order in which they were asked for. However many wait, none is refused while slots are
 * given back: a burst takes its time. Where none was for a while, the database does not answer, and all who wait are told.
 */
export class Slots {
  #free: number;
  #waiting: { readonly go: () => void; readonly fail: (error: unknown) => void }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param patienceMs How long slots may be held, all of them, before those who wait are told, in milliseconds. */
  constructor(count: number, private readonly patienceMs: number) {
    this.#free = count;
  }

  /** Resolves with a slot, which is to be given back. @throws {StorageError} STORAGE_UNREACHABLE */
  take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ go: resolve, fail: reject });
    if (this.#waiting.length === 1) this.#watch();
    return promise;
  }

  /**
   * Gives a slot back, to who has waited longest.
   * @param error What it was of no use for, if it was not. Where the database is unreachable all who wait are told: each of
   * them would find the same, one after the other.
   */
  give(error?: unknown): void {
    if (error instanceof StorageError && error.code === "STORAGE_UNREACHABLE") this.#fail(error);
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.go();
    this.#watch();
  }

  /** Calls once there is a slot. @throws as {@link take}. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    await this.take();
    let fault: unknown;
    try {
      return await call();
    } catch (error) {
      fault = error;
      throw error;
    } finally {
      this.give(fault);
    }
  }

  #fail(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#watch();
    for (const { fail } of waiting) fail(error);
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      const cause = new Error(`Nothing became free in ${this.patienceMs} ms`);
      this.#fail(new StorageError("STORAGE_UNREACHABLE", cause));
    }, this.patienceMs);
  }
}

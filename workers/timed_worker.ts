/** A Worker for what can be made to take any amount of time: one call after the other, each of them limited. */

import type { Remote } from "comlink";
import { LiveWorker } from "./live_worker.ts";

/** What a Worker runs, and for how long. */
export interface TimedWorkerOptions {
  /** The module that it runs, which exposes the `Api`. */
  readonly script: URL;
  /** For debuggers. */
  readonly name: string;
  /** Milliseconds that one call may take; the Worker's start counts towards the first one's. */
  readonly timeLimitMs: number;
  /** Milliseconds after the latest call until the Worker is ended: its memory does not shrink. */
  readonly idleMs: number;
  /** What calls fail with once it is closed. */
  readonly closed: () => Error;
}

/** How one call is treated. */
export interface TimedCall<T> {
  /** What it fails with when its time is up. */
  readonly late: () => Error;
  /** Whether the Worker ends after it, so that the next call has one without what this one left behind. */
  readonly last?: (value: T) => boolean;
}

/**
 * Calls into a Worker, in the order in which they are made, so that none takes another's time or memory. A Worker that a
 * call brought down or kept busy is replaced for the next one.
 */
export class TimedWorker<Api> {
  #live: LiveWorker<Api> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #latest: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** The Worker starts with the first call. */
  constructor(private readonly options: TimedWorkerOptions) {}

  /** The call's result; fails as the call does, with the Worker's death, or with `late`. */
  call<T>(method: (api: Remote<Api>) => Promise<T>, call: TimedCall<T>): Promise<T> {
    const result = this.#latest.then(() => this.#call(method, call));
    this.#latest = result.catch(() => {});
    return result;
  }

  /** Ends the Worker at once. Unanswered and later calls fail. Closing again does nothing. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#live?.end(this.options.closed());
  }

  async #call<T>(method: (api: Remote<Api>) => Promise<T>, { late, last }: TimedCall<T>): Promise<T> {
    const { timeLimitMs, idleMs, closed } = this.options;
    if (this.#closed) throw closed();
    clearTimeout(this.#idle);
    const live = this.#worker();
    const timer = setTimeout(() => live.end(late()), timeLimitMs);
    try {
      const value = await live.call(method);
      if (last?.(value)) live.end(closed());
      return value;
    } finally {
      clearTimeout(timer);
      if (!this.#closed) this.#idle = setTimeout(() => live.end(closed()), idleMs);
    }
  }

  /** The Worker, or its successor if it ended. */
  #worker(): LiveWorker<Api> {
    if (this.#live === undefined || this.#live.dead) {
      const { script, name } = this.options;
      this.#live = new LiveWorker(script, name);
    }
    return this.#live;
  }
}

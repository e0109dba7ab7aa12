/** Notification without content: who hears the bell goes and looks in the store. */

/** One registered wait. Dispose of it when done. */
export interface Listening extends Disposable {
  /** Resolves at the first ring since `listen`, on abort, on timeout, or when the bell is closed. */
  readonly heard: Promise<void>;
}

/**
 * Rings topics; keeps nothing for those who do not listen. A ring reaches all who listen in any process that works on
 * the same store. One that may have been missed, as while a connection was away, is made up for by a ring of every topic.
 */
export interface Bell {
  /** Whether `close` was called. */
  readonly closed: boolean;
  /** Whether a ring can be lost, as when the process that changed the store ends before it rings. */
  readonly lossy: boolean;

  /** Wakes all who listen to the topic. Returns at once, and never fails. */
  ring(topic: string): void;

  /**
   * Calls back at every ring, and when the bell is closed, until it is disposed of.
   * @param heard Returns at once.
   */
  hear(topic: string, heard: () => void): Disposable;

  /**
   * Starts listening, before the store is looked at, so that no ring is missed in between.
   * @param timeoutMs Milliseconds; without it the wait is unbounded.
   */
  listen(topic: string, signals: readonly AbortSignal[], timeoutMs?: number): Listening;

  /** Wakes everybody, now and from now on: nothing more will happen. */
  close(): void;
}

/** A bell that is heard in this process. */
export class LocalBell implements Bell {
  readonly lossy = false;
  readonly #listeners = new Map<string, Set<() => void>>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** How many listen. */
  get listening(): number {
    return this.#listeners.values().reduce((sum, topic) => sum + topic.size, 0);
  }

  ring(topic: string): void {
    for (const wake of this.#listeners.get(topic) ?? []) wake();
  }

  hear(topic: string, heard: () => void): Disposable {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(heard));
    return { [Symbol.dispose]: () => this.#leave(topic, listeners, heard) };
  }

  listen(topic: string, signals: readonly AbortSignal[], timeoutMs?: number): Listening {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    if (this.#closed || signals.some((s) => s.aborted)) wake();

    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(wake));
    for (const signal of signals) signal.addEventListener("abort", wake);
    const timer = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);

    return {
      heard: promise,
      [Symbol.dispose]: () => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", wake);
        this.#leave(topic, listeners, wake);
      },
    };
  }

  #leave(topic: string, listeners: Set<() => void>, wake: () => void): void {
    listeners.delete(wake);
    if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
  }

  /** Rings every topic: whatever may have been missed is looked at. */
  ringAll(): void {
    for (const topic of [...this.#listeners.keys()]) this.ring(topic);
  }

  close(): void {
    this.#closed = true;
    this.ringAll();
  }
}

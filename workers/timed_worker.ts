/** A Worker for what can be made to take any amount of time: one call after the other, each of them limited. */

import type { Remote } from "comlink";
import { FairQueue, type FairQueueLimits, OWN_TURN, type Turn } from "./fair_queue.ts";
import { LiveWorker } from "./live_worker.ts";
import type { WorkBudget } from "./work_budget.ts";

/** Calls that may wait unless told otherwise. */
const WAITING = { perLane: 128, inAll: 2048 };

/** Milliseconds that a call has left to end when its caller leaves: another Worker takes as long to start. */
const GRACE_MS = 300;

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
  /** Calls that may wait, of one caller and in all; default 128 and 2048. */
  readonly waiting?: Omit<FairQueueLimits, "hands">;
  /** What calls fail with once it is closed. */
  readonly closed: () => Error;
}

/** Whose turn a call takes, and what it is charged to. */
export interface PaidTurn extends Turn {
  /** Charged with the milliseconds that the call takes. */
  readonly budget?: WorkBudget | undefined;
}

/** How one call is treated. */
export interface TimedCall<T> {
  /** What it fails with when its time is up. */
  readonly late: () => Error;
  /** Whether the Worker ends after it, so that the next call has one without what this one left behind. */
  readonly last?: (value: T) => boolean;
  /** The server's own unless told. */
  readonly turn?: PaidTurn | undefined;
}

/**
 * Calls into a Worker, one at a time, callers in turns, so that none takes another's time or memory. A Worker that a
 * call brought down or kept busy, also for a caller who left meanwhile, is replaced for the next one.
 */
export class TimedWorker<Api> {
  readonly #queue: FairQueue;
  #live: LiveWorker<Api> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** The Worker starts with the first call. */
  constructor(private readonly options: TimedWorkerOptions) {
    this.#queue = new FairQueue({ hands: 1, ...WAITING, ...options.waiting });
  }

  /**
   * The call's result; fails as the call does, with the Worker's death, or with `late`.
   * @throws {BusyError} if too many calls are waiting.
   * @throws {BudgetExceededError} if the turn's budget has no time left.
   * @throws the reason of the turn's signal once that aborts.
   */
  async call<T>(method: (api: Remote<Api>) => Promise<T>, call: TimedCall<T>): Promise<T> {
    if (this.#closed) throw this.options.closed();
    return await this.#queue.run(call.turn ?? OWN_TURN, () => this.#call(method, call));
  }

  /** Ends the Worker at once. Unanswered and later calls fail. Closing again does nothing. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#queue.drop(this.options.closed());
    this.#live?.end(this.options.closed());
  }

  async #call<T>(method: (api: Remote<Api>) => Promise<T>, { late, last, turn }: TimedCall<T>): Promise<T> {
    const { timeLimitMs, idleMs, closed } = this.options;
    const { budget, signal } = turn ?? OWN_TURN as PaidTurn;
    const payableMs = budget?.left("milliseconds") ?? Infinity;
    if (budget !== undefined && payableMs <= 0) throw budget.exceeded("milliseconds");
    clearTimeout(this.#idle);
    const live = this.#worker();
    const since = performance.now();
    const timer = setTimeout(
      () => live.end(budget !== undefined && payableMs < timeLimitMs ? budget.exceeded("milliseconds") : late()),
      Math.min(timeLimitMs, payableMs),
    );
    let grace: ReturnType<typeof setTimeout> | undefined;
    const leave = () => grace = setTimeout(() => live.end(signal?.reason), GRACE_MS);
    signal?.addEventListener("abort", leave, { once: true });
    try {
      const value = await live.call(method);
      if (last?.(value)) live.end(closed());
      return value;
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener("abort", leave);
      budget?.note("milliseconds", performance.now() - since);
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

/** Workers for what can be made to take any amount of time: one call at a time in each, every call limited. */

import type { Remote } from "comlink";
import { FairQueue, type FairQueueLimits, OWN_TURN, type Turn } from "./fair_queue.ts";
import { LiveWorker } from "./live_worker.ts";
import type { WorkBudget } from "./work_budget.ts";

/** By default one Worker, and calls that may wait. */
const LIMITS = { hands: 1, perLane: 128, inAll: 2048 };

/** Milliseconds that a call has left to end when its caller leaves: another Worker takes as long to start. */
const GRACE_MS = 300;

/** What the Workers run, and for how long. */
export interface TimedWorkerOptions {
  /** The module that it runs, which exposes the `Api`. */
  readonly script: URL;
  /** For debuggers. */
  readonly name: string;
  /** Milliseconds that one call may take; the Worker's start counts towards the first one's. */
  readonly timeLimitMs: number;
  /** Milliseconds after its latest call until a Worker is ended: its memory does not shrink. */
  readonly idleMs: number;
  /** Workers in all and per caller, and calls that may wait; default 1, and 128 of a caller and 2048 in all. */
  readonly limits?: Partial<FairQueueLimits>;
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
  /** By default the server's own. */
  readonly turn?: PaidTurn | undefined;
}

/** A Worker without a call, and the timer that ends it. */
interface Idle<Api> {
  readonly live: LiveWorker<Api>;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * Calls into Workers, one at a time in each, callers in turns, so that none takes another's time or memory. A Worker
 * that a call brought down or kept busy, also for a caller who left meanwhile, is replaced for the next one.
 */
export class TimedWorker<Api> {
  readonly #queue: FairQueue;
  /** The one that was used last is last. */
  readonly #idle: Idle<Api>[] = [];
  readonly #busy = new Set<LiveWorker<Api>>();
  #closed = false;

  /** A Worker starts when a call needs one. */
  constructor(private readonly options: TimedWorkerOptions) {
    this.#queue = new FairQueue({ ...LIMITS, ...options.limits });
  }

  /** How many calls wait or are under way. */
  get pending(): number {
    return this.#queue.pending;
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

  /** Ends the Workers at once. Unanswered and later calls fail. Closing again does nothing. */
  close(): void {
    this.#closed = true;
    this.#queue.drop(this.options.closed());
    for (const { live, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      live.end(this.options.closed());
    }
    for (const live of this.#busy) live.end(this.options.closed());
  }

  async #call<T>(method: (api: Remote<Api>) => Promise<T>, { late, last, turn }: TimedCall<T>): Promise<T> {
    const { timeLimitMs, closed } = this.options;
    const { budget, signal } = turn ?? OWN_TURN as PaidTurn;
    const payableMs = budget?.left("milliseconds") ?? Infinity;
    if (budget !== undefined && payableMs <= 0) throw budget.exceeded("milliseconds");
    const live = this.#take();
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
      this.#giveBack(live);
    }
  }

  /** A Worker that has no call, or a new one. */
  #take(): LiveWorker<Api> {
    const { script, name } = this.options;
    const idle = this.#idle.pop();
    clearTimeout(idle?.timer);
    const live = idle === undefined || idle.live.dead ? new LiveWorker<Api>(script, name) : idle.live;
    this.#busy.add(live);
    return live;
  }

  #giveBack(live: LiveWorker<Api>): void {
    this.#busy.delete(live);
    if (live.dead) return;
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.findIndex((idle) => idle.live === live), 1);
      live.end(this.options.closed());
    }, this.options.idleMs);
    this.#idle.push({ live, timer });
  }
}

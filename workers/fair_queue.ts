/** Work of many callers on few hands: callers take turns, none waits behind all that another one asked for. */

/** Whose turn some work takes, and until when anybody waits for it. */
export interface Turn {
  /** Work of one lane is done in the order in which it came; lanes take turns. */
  readonly lane: string;
  /** Aborts when nobody waits for the result any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The turn of what the server does of its own accord, for which there is always room. */
export const OWN_TURN: Turn = { lane: "server" };

/** Too much of a caller's work is waiting, or too much of everybody's. */
export class BusyError extends Error {
  override readonly name = "BusyError";
  readonly code = "BUSY";

  /**
   * @param waiting How much work waits: the caller's, or everybody's.
   * @param retryAfterMs Milliseconds after which there is likely to be room.
   */
  constructor(readonly waiting: number, readonly whose: "CALLER" | "ALL", readonly retryAfterMs: number) {
    const of = whose === "CALLER" ? "of this caller" : "of all callers";
    super(`Cannot take more work: ${waiting} pieces ${of} are waiting; retry in ${retryAfterMs} ms`);
  }
}

/** What a queue holds. */
export interface FairQueueLimits {
  /** Pieces of work under way at a time. */
  readonly hands: number;
  /** Pieces of one lane under way at a time; default `hands`. */
  readonly handsPerLane?: number;
  /** Pieces of one lane that may wait. */
  readonly perLane: number;
  /** Pieces of all lanes that may wait. */
  readonly inAll: number;
}

interface Waiting {
  readonly start: () => void;
  readonly drop: (reason: unknown) => void;
}

/** Weight of the latest piece of work in the running average of how long one takes. */
const LATEST = 0.2;

/** What a refused caller is told where no work was finished yet, in milliseconds. */
const FIRST_RETRY_MS = 1000;

/**
 * Work in turns: round robin over the lanes that have work, in each lane first come, first served. Work whose caller
 * left is dropped at once where it waits.
 *
 * @example
 * ```ts
 * const queue = new FairQueue({ hands: 1, perLane: 64, inAll: 1024 });
 * const picture = await queue.run({ lane: caller.lane, signal }, () => draw(layout));
 * ```
 */
export class FairQueue {
  /** By lane, none of them empty. A Map keeps the order of insertion: the first lane is the next. */
  readonly #lanes = new Map<string, Set<Waiting>>();
  #waiting = 0;
  /** By lane, none of them 0. */
  readonly #running = new Map<string, number>();
  #meanMs: number | null = null;

  constructor(private readonly limits: FairQueueLimits) {}

  /** How many pieces of work wait or are under way. */
  get pending(): number {
    return this.#waiting + this.#underWay;
  }

  /**
   * Does some work when its turn comes; what it returns, or throws.
   * @throws {BusyError} at once, if there is no room to wait.
   * @throws the signal's reason, at once, if it aborts before the turn has come. Work that is under way must look at the
   * signal itself.
   */
  run<T>({ lane, signal }: Turn, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const start = () => {
      this.#running.set(lane, this.#runningOf(lane) + 1);
      const since = performance.now();
      // Also where it throws before its first await.
      new Promise<T>((done) => done(work())).then(resolve, reject).finally(() => {
        const ms = performance.now() - since;
        this.#meanMs = this.#meanMs === null ? ms : this.#meanMs + LATEST * (ms - this.#meanMs);
        const left = this.#runningOf(lane) - 1;
        if (left > 0) this.#running.set(lane, left);
        else this.#running.delete(lane);
        this.#next();
      });
    };
    if (this.#hasHand(lane)) {
      start();
      return promise;
    }
    const refusal = this.#refusal(lane);
    if (refusal !== null) return Promise.reject(refusal);
    const leave = () => {
      this.#remove(lane, waiting);
      reject(signal?.reason);
    };
    const waiting: Waiting = {
      start: () => {
        signal?.removeEventListener("abort", leave);
        start();
      },
      drop: (reason) => {
        signal?.removeEventListener("abort", leave);
        reject(reason);
      },
    };
    signal?.addEventListener("abort", leave, { once: true });
    const own = this.#lanes.get(lane) ?? new Set();
    this.#lanes.set(lane, own.add(waiting));
    this.#waiting++;
    return promise;
  }

  /** Drops everything that waits; it fails with the reason. */
  drop(reason: unknown): void {
    const all = [...this.#lanes.values()].flatMap((lane) => [...lane]);
    this.#lanes.clear();
    this.#waiting = 0;
    for (const waiting of all) waiting.drop(reason);
  }

  #next(): void {
    const [lane, own] = this.#lanes.entries().find(([lane]) => this.#hasHand(lane)) ?? [];
    const [waiting] = own ?? [];
    if (lane === undefined || own === undefined || waiting === undefined) return;
    this.#remove(lane, waiting);
    // What is left of the lane goes behind the others.
    if (this.#lanes.delete(lane)) this.#lanes.set(lane, own);
    waiting.start();
  }

  get #underWay(): number {
    return this.#running.values().reduce((sum, running) => sum + running, 0);
  }

  #runningOf(lane: string): number {
    return this.#running.get(lane) ?? 0;
  }

  #hasHand(lane: string): boolean {
    const { hands, handsPerLane = hands } = this.limits;
    return this.#underWay < hands && this.#runningOf(lane) < handsPerLane;
  }

  #remove(lane: string, waiting: Waiting): void {
    const own = this.#lanes.get(lane);
    if (own === undefined || !own.delete(waiting)) return;
    this.#waiting--;
    if (own.size === 0) this.#lanes.delete(lane);
  }

  #refusal(lane: string): BusyError | null {
    const { perLane, inAll, hands } = this.limits;
    if (lane === OWN_TURN.lane) return null;
    const own = this.#lanes.get(lane)?.size ?? 0;
    const meanMs = this.#meanMs ?? FIRST_RETRY_MS;
    if (own >= perLane) return new BusyError(own, "CALLER", Math.ceil(meanMs * this.#lanes.size / hands));
    if (this.#waiting >= inAll) return new BusyError(this.#waiting, "ALL", Math.ceil(meanMs / hands));
    return null;
  }
}

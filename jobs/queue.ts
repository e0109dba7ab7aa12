/** The queue of generations, for those who want pictures: what is accepted survives a crash. */

import type { Generation } from "./generation.ts";
import type { Idempotency } from "./idempotency.ts";
import type { GenerationRequest } from "./request.ts";

/** How a generation is enqueued. */
export interface EnqueueOptions {
  /** The same key of the same owner stands for the same generation, as long as that is kept. */
  readonly idempotency?: Idempotency;
  /** Default: a new UUID version 7. */
  readonly id?: string;
  /** The key that it is to belong to; default: no key's. */
  readonly owner?: string | null;
  /** Whose turn it takes: lanes are served in turn, however much each has waiting. Default: one lane for all. */
  readonly lane?: string;
  /** Of a lane's generations those with the highest priority are claimed first; an integer, default 0. */
  readonly priority?: number;
  /** Milliseconds from its acceptance, by the queue's clock, after which it expires if it still waits; default never. */
  readonly expiresAfterMs?: number;
  /** What its lane may ask for; default anything. */
  readonly limits?: LaneLimits;
  /** Pixels times predictions that it takes, by which its time is estimated; default: nobody knows. */
  readonly work?: number;
}

/** What one lane may ask for. Absent is unlimited. */
export interface LaneLimits {
  /** Generations that wait or run at once. */
  readonly maxActive?: number | undefined;
  /** Pixels times steps that are accepted within an hour. What is canceled or expires before it starts does not count. */
  readonly maxWorkPerHour?: number | undefined;
}

/** What `enqueue` did. */
export interface Enqueued {
  readonly generation: Generation;
  /** False: the idempotency key stood for this generation before. */
  readonly created: boolean;
}

/** What `requestCancel` came to. CANCELED: it was queued, or canceled before. CANCELING: its worker will stop. */
export type CancelOutcome = "CANCELED" | "CANCELING" | "ALREADY_FINISHED" | "NOT_FOUND";

/** How much there is to do. */
export interface QueueStats {
  readonly queued: number;
  /** RUNNING and CANCELING. */
  readonly running: number;
}

/** A generation that waits. */
export interface Waiting {
  readonly id: string;
  readonly model: string;
  /** Pixels times predictions that it takes; null where nobody knows. */
  readonly work: number | null;
}

/** A generation in a worker's hands. */
export interface Running extends Waiting {
  /** Milliseconds that are left, as its worker said last; null where it did not. */
  readonly etaMs: number | null;
}

/** What is to be done, at about one moment. */
export interface Outlook {
  /** In turn. */
  readonly waiting: readonly Waiting[];
  readonly running: readonly Running[];
}

/**
 * A durable queue with at-least-once delivery; {@link WorkQueue} is the side of the workers. Every status change is one
 * transaction with its STATUS event, and a terminal one with its COMPLETED event; followers of the event log hear of it
 * after the commit.
 */
export interface JobQueue {
  /**
   * Accepts a generation: once this resolves, it will be QUEUED after any crash.
   * @throws {IdempotencyConflictError} if the key stands for another input.
   * @throws {QueueFullError} if too many generations are waiting.
   * @throws {LaneLimitError} if its lane asks for more than its limits.
   * @throws {DuplicateGenerationError} if `id` is taken.
   */
  enqueue(request: GenerationRequest, options?: EnqueueOptions): Promise<Enqueued>;

  /** Asks that a generation be canceled; asking again changes nothing. */
  requestCancel(id: string): Promise<CancelOutcome>;

  /** How many generations are claimed before this one as things are; 0 means next. Null if it is not queued. */
  position(id: string): Promise<number | null>;

  /** Ends what still waits after its deadline as EXPIRED; the ids. */
  expire(): Promise<readonly string[]>;

  stats(): Promise<QueueStats>;

  /** What waits, in the order in which it is claimed as things are, and what is in the hands of workers. */
  outlook(): Promise<Outlook>;

  /** How many generations wait for each model; none of those for which none waits. */
  queuedByModel(): Promise<ReadonlyMap<string, number>>;
}

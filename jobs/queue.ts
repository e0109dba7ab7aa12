/** The queue of generations: what is accepted survives a crash, and one worker at a time holds a generation. */

import type { Preview } from "./events.ts";
import type {
  Generation,
  GenerationError,
  GenerationImage,
  GenerationMetrics,
  GenerationStatus,
} from "./generation.ts";
import type { Idempotency } from "./idempotency.ts";
import type { GenerationRequest } from "./request.ts";

/** How a generation is enqueued. */
export interface EnqueueOptions {
  /** The same key of the same owner stands for the same generation, as long as that is kept. */
  readonly idempotency?: Idempotency;
  /** Default: a new UUID version 7. */
  readonly id?: string;
  /** The key that it is to belong to; default nobody's. */
  readonly owner?: string | null;
  /** Whose turn it takes: lanes are served in turn, however much each has waiting. Default: one lane for all. */
  readonly lane?: string;
  /** Of a lane's generations those with the highest priority are claimed first; an integer, default 0. */
  readonly priority?: number;
  /** When it expires if it still waits, in milliseconds since the epoch; default never. */
  readonly expiresAt?: number;
  /** What its lane may ask for; default anything. */
  readonly limits?: LaneLimits;
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

/** A generation in the hands of one worker. */
export interface Claim {
  readonly generation: Generation;
  /** Fencing token: greater than that of every earlier claim; proves to the queue that the lease is still this one. */
  readonly token: number;
}

/** How far a worker has come. */
export interface StepProgress {
  /** Completed steps, 0 to the request's steps. */
  readonly step: number;
  /** Milliseconds until the picture is expected; null where nobody knows. */
  readonly etaMs: number | null;
  /** What the latest step shows; null for none. */
  readonly preview: Preview | null;
}

/** What `delete` came to. */
export type DeleteOutcome = "DELETED" | "NOT_FINISHED" | "NOT_FOUND";

/** What `requestCancel` came to. CANCELED: it was queued, or canceled before. CANCELING: its worker will stop. */
export type CancelOutcome = "CANCELED" | "CANCELING" | "ALREADY_FINISHED" | "NOT_FOUND";

/** Which leases `recover` ends. */
export interface RecoverOptions {
  /** Also leases that have not expired: for a process that knows that no worker but its own exists. Default false. */
  readonly allLeases?: boolean;
  /** Leases that end at or before this time have expired; milliseconds since the epoch. Default: the queue's clock. */
  readonly now?: number;
}

/** The ids of the generations whose workers were lost, by what became of them. */
export interface Recovered {
  readonly requeued: readonly string[];
  readonly failed: readonly string[];
  readonly canceled: readonly string[];
}

/** A page of generations. */
export interface ListOptions {
  /** At most so many, at least 1. */
  readonly first: number;
  /** The id of the last generation of the page before. */
  readonly after?: string;
  readonly status?: GenerationStatus;
  /** Only those of this owner; `after` must be one of them, too. */
  readonly owner?: string;
}

/** Generations, the latest enqueued first. */
export interface GenerationPage {
  readonly items: readonly Generation[];
  readonly hasNextPage: boolean;
}

/** How much there is to do. */
export interface QueueStats {
  readonly queued: number;
  /** RUNNING and CANCELING. */
  readonly running: number;
}

/**
 * A durable queue with at-least-once delivery. Every status change is one transaction with its STATUS event, and a
 * terminal one with its COMPLETED event; followers of the event log hear of it after the commit.
 *
 * Operations that take a token apply only while it is current, and throw `LeaseLostError` when it is not: the lease
 * expired and was recovered, the generation is finished, or it does not exist.
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

  /**
   * Takes the next queued generation: that of the lane that was served longest ago; in the lane, the oldest of the
   * highest priority. Null if there is none. Of many claimers at once, each gets another one.
   * @param workerId For the operator's eyes.
   * @param leaseMs Milliseconds until the lease expires unless renewed, > 0.
   */
  claim(workerId: string, leaseMs: number): Promise<Claim | null>;

  /** Extends the lease to `leaseMs` milliseconds from now; false if it is lost, and the worker must stop. */
  renew(id: string, token: number, leaseMs: number): Promise<boolean>;

  /**
   * Records completed steps and appends a PROGRESS event, and a PREVIEW event where there is one.
   * @returns Whether somebody asked that the generation be canceled, so that the worker is to stop and let it go.
   * @throws {LeaseLostError}
   * @throws {InvalidInputError} if `step` is not an integer from 0 to the request's steps.
   * @throws {RangeError} if a preview does not have width * height * 3 bytes.
   */
  progress(id: string, token: number, progress: StepProgress): Promise<{ readonly cancelRequested: boolean }>;

  /** Asks that a generation be canceled; asking again changes nothing. */
  requestCancel(id: string): Promise<CancelOutcome>;

  /** SUCCEEDED, with its picture, also where cancellation was asked for too late. @throws {LeaseLostError} */
  complete(
    id: string,
    token: number,
    result: { readonly image: GenerationImage; readonly metrics: GenerationMetrics | null },
  ): Promise<void>;

  /** FAILED, for good: a failure is not retried, only a lost worker is. @throws {LeaseLostError} */
  fail(id: string, token: number, error: GenerationError): Promise<void>;

  /**
   * Lets go of a generation that is not finished: CANCELED if that was asked for. Else it was no fault of its own, as
   * when a worker shuts down: QUEUED again at its old place, its lane next, the attempt not counted.
   * @param reason Why it is queued again, for the STATUS event.
   * @throws {LeaseLostError}
   */
  release(id: string, token: number, reason: string): Promise<void>;

  /**
   * Ends the leases of lost workers: their generations are QUEUED again, FAILED with code `WORKER_LOST` when all
   * attempts are used up, or CANCELED if that was asked for.
   */
  recover(options?: RecoverOptions): Promise<Recovered>;

  /** Ends what still waits after its deadline as EXPIRED; the ids. */
  expire(): Promise<readonly string[]>;

  /** Removes a generation that is finished, with its events; its idempotency key stands for nothing then. */
  delete(id: string): Promise<DeleteOutcome>;

  /**
   * The ids of finished generations, those that ended first leading.
   * @param options.until Only those that ended before this, in milliseconds since the epoch.
   */
  finished(options: { readonly until: number; readonly first: number }): Promise<readonly string[]>;

  /** How many generations are claimed before this one as things are; 0 means next. Null if it is not queued. */
  position(id: string): Promise<number | null>;

  stats(): Promise<QueueStats>;

  /** Resolves when something may be claimable: at once, on a notification, at the poll interval, or on abort. */
  waitForWork(signal: AbortSignal): Promise<void>;

  get(id: string): Promise<Generation | null>;

  /**
   * The generation that an owner's idempotency key stands for; null if it stands for none.
   * @throws {IdempotencyConflictError} if it stands for another input.
   */
  findByKey(idempotency: Idempotency, owner: string | null): Promise<Generation | null>;

  /** @throws {InvalidInputError} if `first` is not a positive integer or `after` is not the id of such a generation. */
  list(options: ListOptions): Promise<GenerationPage>;

  /** How many generations there are, of all statuses or of one. */
  count(status?: GenerationStatus): Promise<number>;
}

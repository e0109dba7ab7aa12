/** The queue of generations, for workers: one at a time holds a generation. */

import type { Preview } from "./events.ts";
import type { Generation, GenerationError, GenerationImage, GenerationMetrics, RegionMask } from "./generation.ts";

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

/** Which leases `recover` ends. */
export interface RecoverOptions {
  /** Also leases that have not expired: for a process that knows that no worker but its own exists. Default false. */
  readonly allLeases?: boolean;
  /** Leases that end at or before this time have expired; milliseconds since the epoch. Default: the queue's clock. */
  readonly now?: number;
}

/** What a worker can take. */
export interface ClaimOptions {
  /** The models that it can paint with; default: all. */
  readonly models?: readonly string[];
}

/** The ids of the generations whose workers were lost, by what became of them. */
export interface Recovered {
  readonly requeued: readonly string[];
  readonly failed: readonly string[];
  readonly canceled: readonly string[];
}

/**
 * The generations of a {@link JobQueue}, under leases.
 *
 * Operations that take a token apply only while it is current, and throw `LeaseLostError` when it is not: the lease
 * expired and was recovered, the generation is finished, or it does not exist.
 */
export interface WorkQueue {
  /** Resolves when something may be claimable: at once, on a notification, at the poll interval, or on abort. */
  waitForWork(signal: AbortSignal): Promise<void>;

  /**
   * Takes the next queued generation: that of the lane that was served longest ago; in the lane, the oldest of the
   * highest priority. Null if there is none. Of many claimers at once, each gets another one.
   * @param workerId For the operator's eyes.
   * @param leaseMs Milliseconds until the lease expires unless renewed, > 0.
   * @param options What of them it may be; turns are those of all models together.
   */
  claim(workerId: string, leaseMs: number, options?: ClaimOptions): Promise<Claim | null>;

  /** Extends the lease to `leaseMs` milliseconds from now; false if it is lost, and the worker must stop. */
  renew(id: string, token: number, leaseMs: number): Promise<boolean>;

  /**
   * Calls back when somebody asks that a generation be canceled that this token holds, until it is disposed of. It may be
   * missed, as while a connection is away; `progress` tells too.
   */
  onCancel(id: string, token: number, canceled: () => void): Disposable;

  /**
   * Tells how an attempt begins, in a STATUS event with the status that it has: with steps of an earlier attempt, or anew
   * though there were some. Sets the completed steps, which may be fewer than they were.
   * @throws {LeaseLostError}
   * @throws {InvalidInputError} if `step` is not an integer from 0 to the request's steps.
   */
  begin(id: string, token: number, beginning: { readonly step: number; readonly reason: string }): Promise<void>;

  /**
   * Records completed steps and appends a PROGRESS event, and a PREVIEW event where there is one.
   * @returns Whether somebody asked that the generation be canceled, so that the worker is to stop and let it go.
   * @throws {LeaseLostError}
   * @throws {InvalidInputError} if `step` is not an integer from 0 to the request's steps.
   * @throws {RangeError} if a preview does not have width * height * 3 bytes.
   */
  progress(id: string, token: number, progress: StepProgress): Promise<{ readonly cancelRequested: boolean }>;

  /**
   * Records where regions lie that are found by words, and appends a REGION_MASKS event. Their files are stored before.
   * @throws {LeaseLostError}
   */
  noteRegionMasks(id: string, token: number, masks: readonly RegionMask[]): Promise<void>;

  /** SUCCEEDED, with its picture and those after it, also where cancellation was asked for too late. @throws {LeaseLostError} */
  complete(
    id: string,
    token: number,
    result: {
      readonly image: GenerationImage;
      readonly moreImages?: readonly GenerationImage[];
      readonly metrics: GenerationMetrics | null;
    },
  ): Promise<void>;

  /** FAILED, for good: a failure is not retried, only a lost worker is. @throws {LeaseLostError} */
  fail(id: string, token: number, error: GenerationError): Promise<void>;

  /**
   * Lets go of a generation that is not finished: CANCELED if that was asked for. Else it was no fault of its own, as
   * when a worker shuts down: QUEUED again at its old position, its lane next, the attempt not counted.
   * @param reason Why it is queued again, for the STATUS event.
   * @throws {LeaseLostError}
   */
  release(id: string, token: number, reason: string): Promise<void>;

  /**
   * Ends the leases of lost workers: their generations are QUEUED again, FAILED with code `WORKER_LOST` when all
   * attempts are used up, or CANCELED if that was asked for.
   */
  recover(options?: RecoverOptions): Promise<Recovered>;
}

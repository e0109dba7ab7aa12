/** What the queue and the event log refuse to do, one class per reason. */

import { quote } from "../errors.ts";

/** An idempotency key was used again for another input. */
export class IdempotencyConflictError extends Error {
  override readonly name = "IdempotencyConflictError";
  readonly code = "IDEMPOTENCY_CONFLICT";

  /** @param generationId The generation that the key stands for. */
  constructor(readonly idempotencyKey: string, readonly generationId: string) {
    super(`Cannot use idempotency key ${quote(idempotencyKey)} for another input: it stands for ${generationId}`);
  }
}

/** A generation was to be enqueued under an id that is taken. */
export class DuplicateGenerationError extends Error {
  override readonly name = "DuplicateGenerationError";
  readonly code = "DUPLICATE_GENERATION";

  constructor(readonly generationId: string) {
    super(`Cannot enqueue generation ${quote(generationId)}: the id is taken`);
  }
}

/** As many generations are waiting as the queue holds. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
  readonly code = "QUEUE_FULL";

  /**
   * @param maxQueued How many generations may wait.
   * @param retryAfterMs Milliseconds after which the queue is likely to take one more.
   */
  constructor(readonly maxQueued: number, readonly retryAfterMs: number) {
    super(`Cannot enqueue: ${maxQueued} generations are waiting; retry in ${retryAfterMs} ms`);
  }
}

/** What a caller may have no more of, for now. */
export type LaneLimit = "ACTIVE" | "WORK_PER_HOUR";

/** A lane asked for more than its limits. */
export class LaneLimitError extends Error {
  override readonly name = "LaneLimitError";
  readonly code = "LIMIT_EXCEEDED";

  /**
   * @param limit Which limit.
   * @param value What the lane would come to.
   * @param maximum What it may come to.
   * @param retryAfterMs Milliseconds after which it is likely to pass; null if it never will.
   */
  constructor(
    readonly limit: LaneLimit,
    readonly value: number,
    readonly maximum: number,
    readonly retryAfterMs: number | null,
  ) {
    const what = limit === "ACTIVE" ? "generations waiting and running" : "pixels times steps within an hour";
    const retry = retryAfterMs === null ? "it is too much for any hour" : `retry in ${retryAfterMs} ms`;
    super(`Cannot accept: this caller would have ${value} ${what}, at most ${maximum} are allowed; ${retry}`);
  }
}

/** A worker acted on a generation that is no longer, or was never, its own. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
  readonly code = "LEASE_LOST";

  constructor(readonly generationId: string, readonly token: number) {
    super(`Cannot change generation ${generationId}: fencing token ${token} is not current`);
  }
}

/** There is no generation with this id. */
export class UnknownGenerationError extends Error {
  override readonly name = "UnknownGenerationError";
  readonly code = "UNKNOWN_GENERATION";

  constructor(readonly generationId: string) {
    super(`Cannot find generation ${quote(generationId)}`);
  }
}

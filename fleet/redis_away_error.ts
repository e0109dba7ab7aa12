/** Why there is no fleet for now. */

/** Redis cannot be reached, or does not answer. Its message names neither address nor password. */
export class RedisAwayError extends Error {
  override readonly name = "RedisAwayError";
  readonly code = "REDIS_AWAY";

  constructor(cause?: unknown) {
    super("Redis does not answer", { cause });
  }
}

/** Redis's time: one clock for all processes of a fleet, whose machines may be minutes apart. */

import { getLogger } from "@logtape/logtape";
import type { Redis } from "ioredis";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds between two looks. */
const EVERY_MS = 60_000;

/** A clock that is set by Redis's when it is asked after a while, and goes by this machine's in between. */
export class RedisClock {
  #aheadMs = 0;
  /** When it was set last, by this process's clock. */
  #lookedAt = 0;

  private constructor(private readonly redis: Redis) {}

  /** Sets one; it is this machine's until Redis answers. */
  static async of(redis: Redis): Promise<RedisClock> {
    const clock = new RedisClock(redis);
    await clock.#look();
    return clock;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    if (performance.now() - this.#lookedAt > EVERY_MS) void this.#look();
    return Date.now() + this.#aheadMs;
  }

  async #look(): Promise<void> {
    this.#lookedAt = performance.now();
    try {
      this.#aheadMs = await lookAhead(this.redis);
    } catch (error) {
      log.debug("Cannot read Redis's clock: {error}", { error }); // it goes on as it was set before
    }
  }
}

/** How far Redis's clock is ahead of this machine's, in whole milliseconds. */
async function lookAhead(redis: Redis): Promise<number> {
  const asked = Date.now();
  const [seconds, microseconds] = await redis.time();
  const answered = Date.now();
  return Math.round(1000 * Number(seconds) + Number(microseconds) / 1000 - (asked + answered) / 2);
}

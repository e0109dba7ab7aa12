/** What lanes ask for, held against what they may ask for. */

import type { Transaction } from "kysely";
import { LaneLimitError } from "../../jobs/errors.ts";
import type { LaneLimits } from "../../jobs/queue.ts";
import type { StoreTables } from "./tables.ts";

const HOUR_MS = 3_600_000;

/** Work of a generation that is to be accepted. */
export interface Work {
  readonly generationId: string;
  readonly lane: string;
  /** Pixels times steps. */
  readonly amount: number;
}

/**
 * Refuses what would be more than its lane may ask for; else notes it.
 * @param now Milliseconds since the epoch.
 * @param meanDurationMs How long a generation takes; null where nobody knows.
 * @throws {LaneLimitError}
 */
export async function admit(
  db: Transaction<StoreTables>,
  { generationId, lane, amount }: Work,
  { maxActive, maxWorkPerHour }: LaneLimits,
  now: number,
  meanDurationMs: () => Promise<number>,
): Promise<void> {
  if (maxActive !== undefined) {
    const active = await activeIn(db, lane) + 1;
    if (active > maxActive) throw new LaneLimitError("ACTIVE", active, maxActive, Math.ceil(await meanDurationMs()));
  }
  await db.deleteFrom("work").where("at", "<=", now - HOUR_MS).execute();
  if (maxWorkPerHour !== undefined) {
    const earlier = await db.selectFrom("work").select(["at", "amount"]).where("lane", "=", lane).orderBy("at")
      .execute();
    const total = earlier.reduce((sum, work) => sum + work.amount, amount);
    if (total > maxWorkPerHour) {
      const retryAfterMs = waitFor(earlier, total - maxWorkPerHour, now);
      throw new LaneLimitError("WORK_PER_HOUR", total, maxWorkPerHour, amount > maxWorkPerHour ? null : retryAfterMs);
    }
  }
  await db.insertInto("work").values({ generation_id: generationId, lane, at: now, amount }).execute();
}

/** Takes back what a generation that never started was counted as. */
export async function refund(db: Transaction<StoreTables>, generationId: string): Promise<void> {
  await db.deleteFrom("work").where("generation_id", "=", generationId).execute();
}

/** How many generations of a lane wait or run. */
async function activeIn(db: Transaction<StoreTables>, lane: string): Promise<number> {
  const { active } = await db.selectFrom("generations").select((e) => e.fn.countAll<number>().as("active"))
    .where("lane", "=", lane).where("status", "in", ["QUEUED", "RUNNING", "CANCELING"]).executeTakeFirstOrThrow();
  return active;
}

/** Milliseconds until so much of the earlier work is an hour old. */
function waitFor(
  earlier: readonly { readonly at: number; readonly amount: number }[],
  excess: number,
  now: number,
): number {
  let left = excess;
  for (const { at, amount } of earlier) {
    left -= amount;
    if (left <= 0) return at + HOUR_MS - now;
  }
  return HOUR_MS;
}

/** What a claim is made of. */

import { sql, type Transaction } from "kysely";
import type { Change } from "./change.ts";
import type { Changes } from "./changes.ts";
import { expireOverdue, firstDeadline } from "./deadlines.ts";
import { anyQueued, queuedOf } from "./generation_queries.ts";
import type { GenerationRow, StoreTables } from "./tables.ts";
import { firstInTurn } from "./turns.ts";

/** Who holds a generation, and until when, in milliseconds since the epoch. */
export interface Held {
  readonly workerId: string;
  readonly token: number;
  readonly until: number;
}

/**
 * Whether anything of these models waits, after those were ended whose deadlines have passed. One look, which locks
 * nothing, where none has.
 * @param models Undefined for any.
 */
export async function claimable(changes: Changes, models: readonly string[] | undefined): Promise<boolean> {
  if (models?.length === 0) return false;
  const { db } = changes;
  const { deadline, waiting } = await db.selectNoFrom(({ exists }) => [
    firstDeadline(db).as("deadline"),
    exists(queuedOf(db, models).select("id")).as("waiting"),
  ]).executeTakeFirstOrThrow();
  if (deadline === null || deadline > changes.now()) return Boolean(waiting);
  await expireOverdue(changes);
  return await anyQueued(db, models);
}

/**
 * The next fencing token. Until the change ends nobody else gets one: claims are made one at a time, so that turns are
 * fair.
 */
export async function nextToken(db: Transaction<StoreTables>): Promise<number> {
  const { token } = await db.updateTable("fencing").set({ token: sql<number>`token + 1` }).returning("token")
    .executeTakeFirstOrThrow();
  return token;
}

/**
 * Gives the generation whose turn it is to its holder; undefined if none waits.
 * @param models Only of these; undefined for any.
 */
export async function takeFirst(
  { db, engine, now }: Change,
  models: readonly string[] | undefined,
  { workerId, token, until }: Held,
): Promise<GenerationRow | undefined> {
  for (;;) {
    const row = await db.updateTable("generations")
      .set({
        status: "RUNNING",
        attempts: sql<number>`attempts + 1`,
        started_at: now,
        worker_id: workerId,
        token,
        lease_expires_at: until,
      })
      .where("status", "=", "QUEUED").where("ordinal", "=", firstInTurn(models))
      .returningAll().executeTakeFirst();
    // Where it is not there any more it was canceled, or expired, in between.
    if (row !== undefined || !engine.rowLocks || !await anyQueued(db, models)) return row;
  }
}

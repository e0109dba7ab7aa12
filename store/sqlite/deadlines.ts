/** What becomes of generations that still wait at their deadline. */

import type { Kysely, Transaction } from "kysely";
import { changeStatus, type ChangeTimes } from "./generation_rows.ts";
import { refund } from "./lane_limits.ts";
import type { StoreTables } from "./tables.ts";

/** Whether anything waits beyond its deadline: a look that needs no write lock. */
export async function hasOverdue(db: Kysely<StoreTables>, now: number): Promise<boolean> {
  const overdue = await db.selectFrom("generations").select("id")
    .where("status", "=", "QUEUED").where("expires_at", "<=", now).limit(1).executeTakeFirst();
  return overdue !== undefined;
}

/** Ends every generation whose deadline has passed while it waits; the ids. */
export async function expireOverdue(db: Transaction<StoreTables>, times: ChangeTimes): Promise<readonly string[]> {
  const overdue = await db.selectFrom("generations").select(["id", "attempts"])
    .where("status", "=", "QUEUED").where("expires_at", "<=", times.now).orderBy("ordinal").execute();
  for (const { id, attempts } of overdue) {
    await changeStatus(db, id, { status: "EXPIRED" }, "its deadline passed while it waited", times);
    if (attempts === 0) await refund(db, id);
  }
  return overdue.map(({ id }) => id);
}

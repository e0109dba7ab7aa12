/** What becomes of generations that still wait at their deadline. */

import type { Kysely, SelectQueryBuilder } from "kysely";
import type { Changes } from "./changes.ts";
import { changeStatus } from "./generation_rows.ts";
import { refund } from "./lane_limits.ts";
import type { StoreTables } from "./tables.ts";

/** Those that wait although their deadline has passed, at a time in milliseconds since the epoch. */
export function overdueAt(
  db: Kysely<StoreTables>,
  now: number,
): SelectQueryBuilder<StoreTables, "generations", object> {
  return db.selectFrom("generations").where("status", "=", "QUEUED").where("expires_at", "<=", now);
}

/** Ends every generation whose deadline has passed while it waits; the ids. */
export async function expireOverdue(changes: Changes): Promise<readonly string[]> {
  // A look that needs no write lock.
  const waiting = await overdueAt(changes.db, changes.now()).select("id").limit(1).executeTakeFirst();
  if (waiting === undefined) return [];
  return await changes.make(async (change) => {
    const overdue = await overdueAt(change.db, change.now).select(["id", "attempts"]).orderBy("ordinal")
      .$if(change.engine.rowLocks, (query) => query.forUpdate()).execute();
    for (const { id, attempts } of overdue) {
      await changeStatus(change, id, { status: "EXPIRED" }, "its deadline passed while it waited");
      if (attempts === 0) await refund(change.db, id);
    }
    return overdue.map(({ id }) => id);
  });
}

/** What becomes of generations that still wait at their deadline. */

import type { Changes } from "./changes.ts";
import { changeStatus } from "./generation_rows.ts";
import { refund } from "./lane_limits.ts";

/** Ends every generation whose deadline has passed while it waits; the ids. */
export async function expireOverdue(changes: Changes): Promise<readonly string[]> {
  // A look that needs no write lock.
  const waiting = await changes.db.selectFrom("generations").select("id")
    .where("status", "=", "QUEUED").where("expires_at", "<=", changes.now()).limit(1).executeTakeFirst();
  if (waiting === undefined) return [];
  return await changes.make(async (change) => {
    const overdue = await change.db.selectFrom("generations").select(["id", "attempts"])
      .where("status", "=", "QUEUED").where("expires_at", "<=", change.now).orderBy("ordinal")
      .$if(change.engine.rowLocks, (query) => query.forUpdate()).execute();
    for (const { id, attempts } of overdue) {
      await changeStatus(change, id, { status: "EXPIRED" }, "its deadline passed while it waited");
      if (attempts === 0) await refund(change.db, id);
    }
    return overdue.map(({ id }) => id);
  });
}

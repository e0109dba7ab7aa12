/** What becomes of generations that still wait at their deadline. */

import type { Kysely, SelectQueryBuilder } from "kysely";
import type { Changes } from "./changes.ts";
import { lockGeneration } from "./generation_queries.ts";
import { changeStatus } from "./generation_rows.ts";
import { refund } from "./lane_limits.ts";
import type { StoreTables } from "./tables.ts";

/**
 * The first deadline of what waits, in milliseconds since the epoch. In the order of an index, which PostgreSQL would not
 * use to look whether there is one before now: it takes many for overdue.
 */
export function firstDeadline(
  db: Kysely<StoreTables>,
): SelectQueryBuilder<StoreTables, "queued", { readonly expires_at: number | null }> {
  return db.selectFrom("queued").select("expires_at").where("expires_at", "is not", null).orderBy("expires_at").limit(
    1,
  );
}

/** Ends every generation whose deadline has passed while it waits; the ids. */
export async function expireOverdue(changes: Changes): Promise<readonly string[]> {
  // A look that needs no write lock.
  const { expires_at: first = null } = await firstDeadline(changes.db).executeTakeFirst() ?? {};
  if (first === null || first > changes.now()) return [];
  return await changes.make(async (change) => {
    const expired: string[] = [];
    const overdue = await change.db.selectFrom("queued").select("id").where("expires_at", "<=", change.now)
      .orderBy("ordinal").execute();
    for (const { id } of overdue) {
      const row = await lockGeneration(change, id);
      if (row?.status !== "QUEUED") continue; // it was claimed, or canceled, in between
      await changeStatus(change, id, { status: "EXPIRED" }, "its deadline passed while it waited");
      if (row.attempts === 0) await refund(change.db, id);
      expired.push(id);
    }
    return expired;
  });
}

/** What becomes of generations whose workers were lost. */

import type { Transaction } from "kysely";
import type { Recovered } from "../../jobs/queue.ts";
import { changeStatus, type ChangeTimes, failed, type GenerationRow, UNHELD, WAITING } from "./generation_rows.ts";
import type { StoreTables } from "./tables.ts";
import { giveTurnBack } from "./turns.ts";

/**
 * Ends leases, and queues their generations again or finishes them.
 * @param expiredAt Only leases that end at or before this time, in milliseconds since the epoch; null for all.
 * @param maxAttempts How many workers may be lost over one generation before it fails.
 */
export async function recoverLost(
  db: Transaction<StoreTables>,
  expiredAt: number | null,
  maxAttempts: number,
  times: ChangeTimes,
): Promise<Recovered> {
  let lost = db.selectFrom("generations").selectAll().where("token", "is not", null).orderBy("ordinal");
  if (expiredAt !== null) lost = lost.where("lease_expires_at", "<=", expiredAt);

  const recovered = { requeued: [] as string[], failed: [] as string[], canceled: [] as string[] };
  for (const row of await lost.execute()) {
    recovered[await recoverOne(db, row, maxAttempts, times)].push(row.id);
  }
  return recovered;
}

async function recoverOne(
  db: Transaction<StoreTables>,
  row: GenerationRow,
  maxAttempts: number,
  times: ChangeTimes,
): Promise<keyof Recovered> {
  const reason = `the worker was lost in attempt ${row.attempts} of ${maxAttempts}`;
  if (row.status === "CANCELING") {
    await changeStatus(db, row.id, { ...UNHELD, status: "CANCELED" }, reason, times);
    return "canceled";
  }
  if (row.attempts >= maxAttempts) {
    await changeStatus(db, row.id, failed({ code: "WORKER_LOST", message: reason }), reason, times);
    return "failed";
  }
  await changeStatus(db, row.id, WAITING, reason, times);
  await giveTurnBack(db, row.lane);
  return "requeued";
}

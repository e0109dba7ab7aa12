/** What becomes of generations whose workers were lost. */

import type { Recovered } from "../../jobs/work_queue.ts";
import type { Change } from "./change.ts";
import { changeStatus, failed, UNHELD, WAITING } from "./generation_rows.ts";
import type { GenerationRow } from "./tables.ts";
import { giveTurnBack } from "./turns.ts";

/**
 * Ends leases, and queues their generations again or finishes them.
 * @param expiredAt Only leases that end at or before this time, in milliseconds since the epoch; null for all.
 * @param maxAttempts How many workers may be lost over one generation before it fails.
 */
export async function recoverLost(
  change: Change,
  expiredAt: number | null,
  maxAttempts: number,
): Promise<Recovered> {
  let lost = change.db.selectFrom("generations").selectAll().where("token", "is not", null).orderBy("ordinal")
    .$if(change.engine.rowLocks, (query) => query.forUpdate());
  if (expiredAt !== null) lost = lost.where("lease_expires_at", "<=", expiredAt);

  const recovered = { requeued: [] as string[], failed: [] as string[], canceled: [] as string[] };
  for (const row of await lost.execute()) {
    recovered[await recoverOne(change, row, maxAttempts)].push(row.id);
  }
  return recovered;
}

async function recoverOne(
  change: Change,
  row: GenerationRow,
  maxAttempts: number,
): Promise<keyof Recovered> {
  const reason = `the worker was lost in attempt ${row.attempts} of ${maxAttempts}`;
  if (row.status === "CANCELING") {
    await changeStatus(change, row.id, { ...UNHELD, status: "CANCELED" }, reason);
    return "canceled";
  }
  if (row.attempts >= maxAttempts) {
    await changeStatus(change, row.id, failed({ code: "WORKER_LOST", message: reason }), reason);
    return "failed";
  }
  await changeStatus(change, row.id, WAITING, reason);
  await giveTurnBack(change.db, row.lane);
  return "requeued";
}

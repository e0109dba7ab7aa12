/** The migration that gives layouts an emphasis: the one by which they were painted. */

import { type Kysely, sql } from "kysely";
import { canonicalJson } from "../../../jobs/canonical_json.ts";
import type { StoreTables } from "../../sql/tables.ts";

/** How many layouts are in memory at once. */
const BATCH = 500;

/** Weights multiplied hidden states before there was a choice: NO_NORM, in every request and every saved layout. */
export async function addEmphasis(db: Kysely<StoreTables>): Promise<void> {
  const emphasis = "NO_NORM";
  for (let last = 0;;) {
    const rows = await db.selectFrom("generations").select(["ordinal", "request"]).where("ordinal", ">", last)
      .orderBy("ordinal").limit(BATCH).execute();
    for (const { ordinal, request } of rows) {
      const { layout, ...others } = JSON.parse(request);
      const json = canonicalJson({ ...others, layout: { emphasis, ...layout } });
      await sql`UPDATE generations SET request = ${json} WHERE ordinal = ${ordinal}`.execute(db);
      last = ordinal;
    }
    if (rows.length < BATCH) break;
  }
  for (let last = 0;;) {
    const rows = await sql<{ rowid: number; layout: string }>`
      SELECT rowid, layout FROM layout_versions WHERE rowid > ${last} ORDER BY rowid LIMIT ${BATCH}`.execute(db);
    for (const { rowid, layout } of rows.rows) {
      const json = canonicalJson({ emphasis, ...JSON.parse(layout) });
      await sql`UPDATE layout_versions SET layout = ${json} WHERE rowid = ${rowid}`.execute(db);
      last = rowid;
    }
    if (rows.rows.length < BATCH) return;
  }
}

/** The migration that lets workers claim generations of the models that they can paint with. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/** The model is in the request, and taken from there. */
export async function addModels(db: Kysely<StoreTables>): Promise<void> {
  await sql`
    ALTER TABLE generations ADD COLUMN model TEXT GENERATED ALWAYS AS (json_extract(request, '$.model')) VIRTUAL`
    .execute(db);
  await sql`
    CREATE INDEX waiting_by_model ON generations (model, lane, priority DESC, ordinal) WHERE status = 'QUEUED'`
    .execute(db);
}

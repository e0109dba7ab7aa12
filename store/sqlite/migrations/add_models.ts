/** The migration that lets workers claim generations of the models that they can paint with. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/** Puts each generation's model beside its request. */
export async function addModels(db: Kysely<StoreTables>): Promise<void> {
  await sql`ALTER TABLE generations ADD COLUMN model TEXT NOT NULL DEFAULT ''`.execute(db);
  await sql`UPDATE generations SET model = json_extract(request, '$.model')`.execute(db);
  await sql`
    CREATE INDEX waiting_by_model ON generations (model, lane, priority DESC, ordinal) WHERE status = 'QUEUED'`
    .execute(db);
}

/** The migration that lets workers claim generations of the models that they can paint with. */

import { type Kysely, sql } from "kysely";

/** As on SQLite. Nothing is there yet whose model would have to be found. */
export async function addModels(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE generations ADD COLUMN model TEXT COLLATE "C" NOT NULL DEFAULT ''`.execute(db);
  await sql`
    CREATE INDEX waiting_by_model ON generations (model, lane, priority DESC, ordinal) WHERE status = 'QUEUED'`
    .execute(db);
}

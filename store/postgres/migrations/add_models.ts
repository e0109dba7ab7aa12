/** The migration that lets workers claim generations of the models that they can paint with. */

import { type Kysely, sql } from "kysely";

/**
 * As on SQLite: each generation's model beside its request. PostgreSQL cannot take it from there, since it refuses JSON in
 * which a text has U+0000, as prompts may.
 */
export async function addModels(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE generations ADD COLUMN model TEXT COLLATE "C" NOT NULL DEFAULT ''`.execute(db);
  const { rows } = await sql<{ id: string; request: string }>`SELECT id, request FROM generations`.execute(db);
  for (const { id, request } of rows) {
    await sql`UPDATE generations SET model = ${JSON.parse(request).model} WHERE id = ${id}`.execute(db);
  }
  await sql`ALTER TABLE generations ALTER COLUMN model DROP DEFAULT`.execute(db);
  await sql`
    CREATE INDEX waiting_by_model ON generations (model, lane, priority DESC, ordinal) WHERE status = 'QUEUED'`
    .execute(db);
}

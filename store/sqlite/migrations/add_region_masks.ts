/** The migration that lets generations keep the masks of regions that are found by words, and tell of them. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/** SQLite cannot widen a CHECK, so the events are made again. */
export async function addRegionMasks(db: Kysely<StoreTables>): Promise<void> {
  await sql`ALTER TABLE generations ADD COLUMN region_masks TEXT`.execute(db);
  await sql`
    CREATE TABLE new_events (
      generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
      sequence INTEGER NOT NULL,
      at INTEGER NOT NULL,
      type TEXT NOT NULL CHECK (type IN ('STATUS', 'PROGRESS', 'PREVIEW', 'REGION_MASKS', 'COMPLETED')),
      body TEXT NOT NULL,
      pixels BLOB,
      PRIMARY KEY (generation_id, sequence)
    ) STRICT`.execute(db);
  await sql`INSERT INTO new_events SELECT generation_id, sequence, at, type, body, pixels FROM events`.execute(db);
  await sql`DROP TABLE events`.execute(db);
  await sql`ALTER TABLE new_events RENAME TO events`.execute(db);
  await sql`CREATE UNIQUE INDEX completions ON events (generation_id, at) WHERE type = 'COMPLETED'`.execute(db);
  await sql`CREATE INDEX previews ON events (generation_id) WHERE type = 'PREVIEW'`.execute(db);
}

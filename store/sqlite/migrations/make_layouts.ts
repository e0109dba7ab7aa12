/** The migration that makes the tables of saved layouts. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

export async function makeLayouts(db: Kysely<StoreTables>): Promise<void> {
  await sql`
    CREATE TABLE layouts (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      folded_name TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version >= 1),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      deleted_at INTEGER
    ) STRICT`.execute(db);
  await sql`CREATE INDEX layouts_by_change ON layouts (updated_at, id) WHERE deleted_at IS NULL`.execute(db);
  await sql`
    CREATE TABLE layout_versions (
      layout_id TEXT NOT NULL REFERENCES layouts (id),
      version INTEGER NOT NULL CHECK (version >= 1),
      created_at INTEGER NOT NULL,
      layout TEXT NOT NULL,
      PRIMARY KEY (layout_id, version)
    ) STRICT`.execute(db);
}

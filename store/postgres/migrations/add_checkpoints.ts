/** The migration that adds checkpoints. */

import { type Kysely, sql } from "kysely";

/** SQLite has none: there they are files of the data folder. They go with the server's crash, which costs steps alone. */
export async function addCheckpoints(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE UNLOGGED TABLE checkpoints (
      generation_id TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      token BIGINT NOT NULL,
      bytes BYTEA NOT NULL,
      PRIMARY KEY (generation_id, name)
    )`.execute(db);
  await sql`ALTER TABLE checkpoints ALTER COLUMN bytes SET STORAGE EXTERNAL`.execute(db); // floats do not compress
}

/** Checkpoints in the database, where every worker finds them. */

import { type QueryExecutorProvider, sql } from "kysely";
import type { Checkpoints } from "../../jobs/checkpoints.ts";

/** A row for each name of each generation. The table is not in the write-ahead log: a crash of the server empties it. */
export class PostgresCheckpoints implements Checkpoints {
  constructor(private readonly db: QueryExecutorProvider) {}

  async save(id: string, token: number, name: string, bytes: Uint8Array): Promise<void> {
    await sql`
      INSERT INTO checkpoints (generation_id, name, token, bytes) VALUES (${id}, ${name}, ${token}, ${bytes})
      ON CONFLICT (generation_id, name) DO UPDATE SET token = excluded.token, bytes = excluded.bytes
      WHERE checkpoints.token <= excluded.token`.execute(this.db);
  }

  async latest(id: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const { rows } = await sql<{ readonly name: string; readonly bytes: Uint8Array }>`
      SELECT name, bytes FROM checkpoints WHERE generation_id = ${id}`.execute(this.db);
    return new Map(rows.map(({ name, bytes }) => [name, bytes]));
  }

  async forget(id: string): Promise<void> {
    await sql`DELETE FROM checkpoints WHERE generation_id = ${id}`.execute(this.db);
  }

  async ids(): Promise<readonly string[]> {
    const { rows } = await sql<{ readonly id: string }>`
      SELECT DISTINCT generation_id AS id FROM checkpoints`.execute(this.db);
    return rows.map(({ id }) => id);
  }
}

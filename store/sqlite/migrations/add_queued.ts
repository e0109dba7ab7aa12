/** The migration that keeps what waits in a table of its own. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/**
 * A row for each generation that waits, in the order in which a worker looks for one; triggers keep it. And each
 * generation's work beside its request.
 */
export async function addQueued(db: Kysely<StoreTables>): Promise<void> {
  const insert = sql`INSERT INTO queued
    VALUES (NEW.model, NEW.lane, -NEW.priority, NEW.ordinal, NEW.id, NEW.work, NEW.expires_at)`;
  const statements = [
    sql`ALTER TABLE generations ADD COLUMN work REAL`,
    sql`
      CREATE TABLE queued (
        model TEXT NOT NULL,
        lane TEXT NOT NULL,
        rank INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        id TEXT NOT NULL,
        work REAL,
        expires_at INTEGER,
        PRIMARY KEY (model, lane, rank, ordinal)
      ) STRICT, WITHOUT ROWID`,
    sql`CREATE INDEX overdue ON queued (expires_at) WHERE expires_at IS NOT NULL`,
    sql`
      INSERT INTO queued
      SELECT model, lane, -priority, ordinal, id, work, expires_at FROM generations WHERE status = 'QUEUED'`,
    sql`
      CREATE TRIGGER queued_first AFTER INSERT ON generations
      WHEN NEW.status = 'QUEUED' BEGIN ${insert}; END`,
    sql`
      CREATE TRIGGER queued_again AFTER UPDATE OF status ON generations
      WHEN OLD.status <> 'QUEUED' AND NEW.status = 'QUEUED' BEGIN ${insert}; END`,
    sql`
      CREATE TRIGGER queued_no_more AFTER UPDATE OF status ON generations
      WHEN OLD.status = 'QUEUED' AND NEW.status <> 'QUEUED' BEGIN
        DELETE FROM queued
        WHERE model = OLD.model AND lane = OLD.lane AND rank = -OLD.priority AND ordinal = OLD.ordinal;
      END`,
    sql`DROP INDEX deadlines`,
    sql`DROP INDEX waiting`,
    sql`DROP INDEX waiting_by_model`,
  ];
  for (const statement of statements) await statement.execute(db);
}

/** The migration that keeps what waits in a table of its own. */

import { type Kysely, sql } from "kysely";

/**
 * As on SQLite. PostgreSQL chose among the indexes of `generations` by what it last knew of that table, and read all that
 * waited, for each lane and claim, where it had looked while nothing did. This table has one order, and is small.
 */
export async function addQueued(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`ALTER TABLE generations ADD COLUMN work DOUBLE PRECISION`,
    sql`
      CREATE TABLE queued (
        model TEXT COLLATE "C" NOT NULL,
        lane TEXT COLLATE "C" NOT NULL,
        rank INTEGER NOT NULL,
        ordinal BIGINT NOT NULL,
        id TEXT COLLATE "C" NOT NULL,
        work DOUBLE PRECISION,
        expires_at BIGINT,
        PRIMARY KEY (model, lane, rank, ordinal)
      )`,
    sql`CREATE INDEX overdue ON queued (expires_at) WHERE expires_at IS NOT NULL`,
    sql`
      INSERT INTO queued
      SELECT model, lane, -priority, ordinal, id, work, expires_at FROM generations WHERE status = 'QUEUED'`,
    // Plans are kept: one that was made while few rows waited would read the whole table when many do.
    sql`
      CREATE FUNCTION keep_queued() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          DELETE FROM queued
          WHERE model = OLD.model AND lane = OLD.lane AND rank = -OLD.priority AND ordinal = OLD.ordinal;
        END IF;
        IF NEW.status = 'QUEUED' THEN
          INSERT INTO queued VALUES (NEW.model, NEW.lane, -NEW.priority, NEW.ordinal, NEW.id, NEW.work, NEW.expires_at);
        END IF;
        RETURN NULL;
      END $$`,
    sql`
      CREATE TRIGGER queued_first AFTER INSERT ON generations FOR EACH ROW
      WHEN (NEW.status = 'QUEUED') EXECUTE FUNCTION keep_queued()`,
    sql`
      CREATE TRIGGER queued_change AFTER UPDATE OF status ON generations FOR EACH ROW
      WHEN ((OLD.status = 'QUEUED') <> (NEW.status = 'QUEUED')) EXECUTE FUNCTION keep_queued()`,
    sql`DROP INDEX deadlines`,
    sql`DROP INDEX waiting`,
    sql`DROP INDEX waiting_by_model`,
    // Turns change with every claim, and need not be found by their order: there are as many as lanes.
    sql`DROP INDEX turns_by_turn`,
  ];
  for (const statement of statements) await statement.execute(db);
}

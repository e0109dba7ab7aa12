/** The migration that gives everything an owner, and generations a lane, a priority and a deadline. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/** How many rows are in memory at once. */
const BATCH = 500;

/**
 * What is there belongs to nobody, so that only administrators see it where keys are asked for. SQLite cannot widen a
 * CHECK, so both tables are made again; the events first, since dropping generations would take their events along.
 */
export async function addOwners(db: Kysely<StoreTables>): Promise<void> {
  await sql`
    CREATE TABLE new_generations (
      ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      owner TEXT,
      lane TEXT NOT NULL,
      priority INTEGER NOT NULL,
      expires_at INTEGER,
      request TEXT NOT NULL,
      idempotency_key TEXT,
      status TEXT NOT NULL
        CHECK (status IN ('QUEUED', 'RUNNING', 'CANCELING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')),
      attempts INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      completed_at INTEGER,
      step INTEGER NOT NULL,
      eta_ms REAL,
      error TEXT,
      image TEXT,
      metrics TEXT,
      worker_id TEXT,
      token INTEGER UNIQUE,
      lease_expires_at INTEGER,
      CHECK ((status IN ('RUNNING', 'CANCELING')) = (token IS NOT NULL)),
      CHECK ((token IS NULL) = (lease_expires_at IS NULL))
    ) STRICT`.execute(db);
  await sql`
    INSERT INTO new_generations
    SELECT ordinal, id, NULL, '', 0, NULL, request, idempotency_key, status, attempts, created_at, started_at,
      completed_at, step, eta_ms, error, image, metrics, worker_id, token, lease_expires_at
    FROM generations`.execute(db);
  await sql`
    CREATE TABLE new_events (
      generation_id TEXT NOT NULL REFERENCES new_generations (id) ON DELETE CASCADE,
      sequence INTEGER NOT NULL,
      at INTEGER NOT NULL,
      type TEXT NOT NULL CHECK (type IN ('STATUS', 'PROGRESS', 'PREVIEW', 'COMPLETED')),
      body TEXT NOT NULL,
      pixels BLOB,
      PRIMARY KEY (generation_id, sequence)
    ) STRICT`.execute(db);
  await sql`INSERT INTO new_events SELECT generation_id, sequence, at, type, body, pixels FROM events`.execute(db);
  await sql`DROP TABLE events`.execute(db);
  await sql`DROP TABLE generations`.execute(db);
  await sql`ALTER TABLE new_generations RENAME TO generations`.execute(db);
  await sql`ALTER TABLE new_events RENAME TO events`.execute(db);
  await sql`CREATE INDEX generations_by_status ON generations (status, ordinal)`.execute(db);
  await sql`CREATE INDEX waiting ON generations (lane, priority DESC, ordinal) WHERE status = 'QUEUED'`.execute(db);
  await sql`CREATE INDEX active ON generations (lane) WHERE status IN ('QUEUED', 'RUNNING', 'CANCELING')`.execute(db);
  await sql`CREATE INDEX generations_by_owner ON generations (owner, ordinal)`.execute(db);
  await sql`CREATE INDEX generations_by_end ON generations (completed_at) WHERE completed_at IS NOT NULL`.execute(db);
  await sql`CREATE INDEX deadlines ON generations (expires_at) WHERE status = 'QUEUED' AND expires_at IS NOT NULL`
    .execute(db);
  // A key stands for a generation of its owner. NULLs would all be different, so nobody is the empty text here.
  await sql`
    CREATE UNIQUE INDEX idempotency ON generations (coalesce(owner, ''), idempotency_key)
    WHERE idempotency_key IS NOT NULL`.execute(db);
  await sql`CREATE UNIQUE INDEX completions ON events (generation_id, at) WHERE type = 'COMPLETED'`.execute(db);
  await sql`CREATE INDEX previews ON events (generation_id) WHERE type = 'PREVIEW'`.execute(db);

  await sql`CREATE TABLE turns (lane TEXT PRIMARY KEY, turn INTEGER NOT NULL) STRICT, WITHOUT ROWID`.execute(db);
  await sql`
    CREATE TABLE work (
      generation_id TEXT PRIMARY KEY,
      lane TEXT NOT NULL,
      at INTEGER NOT NULL,
      amount INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`CREATE INDEX work_by_lane ON work (lane, at)`.execute(db);

  await sql`ALTER TABLE layouts ADD COLUMN owner TEXT`.execute(db);
  await sql`DROP INDEX layouts_by_change`.execute(db);
  await sql`CREATE INDEX layouts_by_change ON layouts (owner, updated_at, id) WHERE deleted_at IS NULL`.execute(db);

  await sql`
    CREATE TABLE uploads (
      asset TEXT NOT NULL,
      owner TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (asset, owner)
    ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`
    CREATE TABLE asset_uses (
      asset TEXT NOT NULL,
      use TEXT NOT NULL CHECK (use IN ('PICTURE', 'MASK', 'LAYOUT')),
      user TEXT NOT NULL,
      PRIMARY KEY (asset, use, user)
    ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`CREATE INDEX uses_by_user ON asset_uses (user, use)`.execute(db);
  await noteUses(db);

  await sql`
    CREATE TABLE keys (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      scopes TEXT NOT NULL,
      limits TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      revoked_at INTEGER
    ) STRICT`.execute(db);
  await sql`CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT`.execute(db);
}

/** Notes the files that generations and saved layouts use already. */
async function noteUses(db: Kysely<StoreTables>): Promise<void> {
  const note = (asset: string, use: string, user: string) =>
    sql`INSERT OR IGNORE INTO asset_uses (asset, use, user) VALUES (${asset}, ${use}, ${user})`.execute(db);
  for (let last = 0;;) {
    const rows = await db.selectFrom("generations").select(["ordinal", "id", "request", "image"])
      .where("ordinal", ">", last).orderBy("ordinal").limit(BATCH).execute();
    for (const { ordinal, id, request, image } of rows) {
      for (const asset of masksIn(request)) await note(asset, "MASK", id);
      if (image !== null) await note(JSON.parse(image).assetKey, "PICTURE", id);
      last = ordinal;
    }
    if (rows.length < BATCH) break;
  }
  for (const { layout_id, layout } of await db.selectFrom("layout_versions").selectAll().execute()) {
    for (const asset of masksIn(layout)) await note(asset, "LAYOUT", layout_id);
  }
}

/** The masks that a request or layout names. Inside of a text, a prompt say, JSON would have escaped the quotes. */
function masksIn(json: string): string[] {
  return [...json.matchAll(/"asset":"([0-9a-f]{64})"/g)].flatMap(([, asset]) => asset ?? []);
}

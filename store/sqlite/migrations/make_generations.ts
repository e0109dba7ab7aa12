/** The migration that makes the tables of generations and events. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

export async function makeGenerations(db: Kysely<StoreTables>): Promise<void> {
  await sql`
    CREATE TABLE generations (
      ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      request TEXT NOT NULL,
      idempotency_key TEXT UNIQUE,
      status TEXT NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'CANCELING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
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
  await sql`CREATE INDEX generations_by_status ON generations (status, ordinal)`.execute(db);
  await sql`
    CREATE TABLE events (
      generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
      sequence INTEGER NOT NULL,
      at INTEGER NOT NULL,
      type TEXT NOT NULL CHECK (type IN ('STATUS', 'PROGRESS', 'PREVIEW', 'COMPLETED')),
      body TEXT NOT NULL,
      pixels BLOB,
      PRIMARY KEY (generation_id, sequence)
    ) STRICT`.execute(db);
  await sql`CREATE UNIQUE INDEX completions ON events (generation_id, at) WHERE type = 'COMPLETED'`.execute(db);
  await sql`CREATE INDEX previews ON events (generation_id) WHERE type = 'PREVIEW'`.execute(db);
  await sql`CREATE TABLE fencing (token INTEGER NOT NULL) STRICT`.execute(db);
  await sql`INSERT INTO fencing (token) VALUES (0)`.execute(db);
}

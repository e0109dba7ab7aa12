/** The migration that makes the tables as they were when PostgreSQL came. */

import { type Kysely, sql } from "kysely";

/**
 * What the migrations of SQLite up to `add_region_masks` lead to. Texts that are compared are in the order of their
 * bytes, as they are there.
 */
export async function makeTables(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`
      CREATE TABLE generations (
        ordinal BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id TEXT COLLATE "C" NOT NULL UNIQUE,
        owner TEXT COLLATE "C",
        lane TEXT COLLATE "C" NOT NULL,
        priority INTEGER NOT NULL,
        expires_at BIGINT,
        request TEXT NOT NULL,
        idempotency_key TEXT COLLATE "C",
        fingerprint TEXT,
        status TEXT COLLATE "C" NOT NULL
          CHECK (status IN ('QUEUED', 'RUNNING', 'CANCELING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')),
        attempts INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        started_at BIGINT,
        completed_at BIGINT,
        step INTEGER NOT NULL,
        eta_ms DOUBLE PRECISION,
        error TEXT,
        image TEXT,
        more_images TEXT,
        metrics TEXT,
        region_masks TEXT,
        worker_id TEXT,
        token BIGINT UNIQUE,
        lease_expires_at BIGINT,
        CHECK ((status IN ('RUNNING', 'CANCELING')) = (token IS NOT NULL)),
        CHECK ((token IS NULL) = (lease_expires_at IS NULL))
      )`,
    sql`CREATE INDEX generations_by_status ON generations (status, ordinal)`,
    sql`CREATE INDEX waiting ON generations (lane, priority DESC, ordinal) WHERE status = 'QUEUED'`,
    sql`CREATE INDEX active ON generations (lane) WHERE status IN ('QUEUED', 'RUNNING', 'CANCELING')`,
    sql`CREATE INDEX generations_by_owner ON generations (owner, ordinal)`,
    sql`CREATE INDEX generations_by_end ON generations (completed_at) WHERE completed_at IS NOT NULL`,
    sql`CREATE INDEX deadlines ON generations (expires_at) WHERE status = 'QUEUED' AND expires_at IS NOT NULL`,
    sql`CREATE INDEX leases ON generations (lease_expires_at) WHERE token IS NOT NULL`,
    sql`
      CREATE UNIQUE INDEX idempotency ON generations (coalesce(owner, ''), idempotency_key)
      WHERE idempotency_key IS NOT NULL`,
    sql`
      CREATE TABLE events (
        generation_id TEXT COLLATE "C" NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        at BIGINT NOT NULL,
        type TEXT NOT NULL CHECK (type IN ('STATUS', 'PROGRESS', 'PREVIEW', 'REGION_MASKS', 'COMPLETED')),
        body TEXT NOT NULL,
        pixels BYTEA,
        PRIMARY KEY (generation_id, sequence)
      )`,
    // Pixels that a picture begins with are noise: there is nothing to compress.
    sql`ALTER TABLE events ALTER COLUMN pixels SET STORAGE EXTERNAL`,
    sql`CREATE UNIQUE INDEX completions ON events (generation_id, at) WHERE type = 'COMPLETED'`,
    sql`CREATE INDEX previews ON events (generation_id) WHERE type = 'PREVIEW'`,
    sql`CREATE TABLE fencing (token BIGINT NOT NULL)`,
    sql`INSERT INTO fencing (token) VALUES (0)`,
    sql`CREATE TABLE turns (lane TEXT COLLATE "C" PRIMARY KEY, turn BIGINT NOT NULL)`,
    sql`CREATE INDEX turns_by_turn ON turns (turn)`,
    sql`
      CREATE TABLE work (
        generation_id TEXT COLLATE "C" PRIMARY KEY,
        lane TEXT COLLATE "C" NOT NULL,
        at BIGINT NOT NULL,
        amount BIGINT NOT NULL
      )`,
    sql`CREATE INDEX work_by_lane ON work (lane, at)`,
    sql`CREATE INDEX work_by_time ON work (at)`,
    sql`
      CREATE TABLE layouts (
        id TEXT COLLATE "C" PRIMARY KEY,
        owner TEXT COLLATE "C",
        name TEXT NOT NULL,
        folded_name TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 1),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        deleted_at BIGINT
      )`,
    sql`CREATE INDEX layouts_by_change ON layouts (owner, updated_at, id) WHERE deleted_at IS NULL`,
    sql`
      CREATE TABLE layout_versions (
        layout_id TEXT COLLATE "C" NOT NULL REFERENCES layouts (id),
        version INTEGER NOT NULL CHECK (version >= 1),
        created_at BIGINT NOT NULL,
        layout TEXT NOT NULL,
        PRIMARY KEY (layout_id, version)
      )`,
    sql`
      CREATE TABLE uploads (
        asset TEXT COLLATE "C" NOT NULL,
        owner TEXT COLLATE "C" NOT NULL,
        bytes BIGINT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (asset, owner)
      )`,
    sql`
      CREATE TABLE asset_uses (
        asset TEXT COLLATE "C" NOT NULL,
        use TEXT NOT NULL CHECK (use IN ('PICTURE', 'MASK', 'LAYOUT')),
        "user" TEXT COLLATE "C" NOT NULL,
        PRIMARY KEY (asset, use, "user")
      )`,
    sql`CREATE INDEX uses_by_user ON asset_uses ("user", use)`,
    sql`
      CREATE TABLE keys (
        id TEXT COLLATE "C" PRIMARY KEY,
        name TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        limits TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT,
        revoked_at BIGINT
      )`,
    sql`CREATE TABLE secrets (name TEXT PRIMARY KEY, value BYTEA NOT NULL)`,
  ];
  for (const statement of statements) await statement.execute(db);
}

/** The tables of the database, as types and as the migrations that make them. */

import { type Generated, type Kysely, sql } from "kysely";
import type { GenerationStatus } from "../generation.ts";
import type { EventBody } from "../events.ts";
import { addEmphasis } from "./add_emphasis.ts";
import { addOwners } from "./add_owners.ts";
import { completeRequests } from "./complete_requests.ts";

/** A row per generation. Times are milliseconds since the epoch; `error`, `image`, `metrics`, `request` are JSON. */
export interface GenerationTable {
  /** Order of arrival: the order of lists, and of claims within a lane and priority. */
  readonly ordinal: Generated<number>;
  readonly id: string;
  /** The key that it belongs to; null for nobody's. */
  readonly owner: string | null;
  /** Whose turn it takes. */
  readonly lane: string;
  readonly priority: number;
  /** When it expires if it still waits; null for never. */
  readonly expires_at: number | null;
  /** Canonical JSON: equal requests are equal strings. */
  readonly request: string;
  readonly idempotency_key: string | null;
  status: GenerationStatus;
  attempts: number;
  readonly created_at: number;
  started_at: number | null;
  completed_at: number | null;
  step: number;
  eta_ms: number | null;
  error: string | null;
  image: string | null;
  metrics: string | null;
  /** These three are set exactly while a worker holds the generation. */
  worker_id: string | null;
  token: number | null;
  lease_expires_at: number | null;
}

/** A row per event. */
export interface EventTable {
  readonly generation_id: string;
  readonly sequence: number;
  readonly at: number;
  readonly type: EventBody["type"];
  /** JSON: the event's own fields, without the pixels. */
  readonly body: string;
  /** Of a preview only. */
  readonly pixels: Uint8Array | null;
}

/** One row: the last fencing token given out. */
export interface FencingTable {
  token: number;
}

/** A row per lane that was served: the fencing token of its latest claim. */
export interface TurnTable {
  readonly lane: string;
  turn: number;
}

/** What lanes asked for of late: a row per generation, also where that was deleted since. */
export interface WorkTable {
  readonly generation_id: string;
  readonly lane: string;
  readonly at: number;
  /** Pixels times steps. */
  readonly amount: number;
}

/** A row per uploaded file and key that uploaded it; the empty text for nobody's. */
export interface UploadTable {
  readonly asset: string;
  readonly owner: string;
  readonly bytes: number;
  at: number;
}

/** A row per use of a stored file: a generation's picture or mask, or a saved layout's mask. */
export interface AssetUseTable {
  readonly asset: string;
  readonly use: "PICTURE" | "MASK" | "LAYOUT";
  /** The id of the generation or saved layout. */
  readonly user: string;
}

/** A row per key. Times are milliseconds since the epoch; `scopes` and `limits` are JSON. */
export interface KeyTable {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key in hex. */
  readonly hash: string;
  readonly scopes: string;
  readonly limits: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  revoked_at: number | null;
}

/** What this server keeps to itself. */
export interface SecretTable {
  readonly name: string;
  readonly value: Uint8Array;
}

/** A row per saved layout. Times are milliseconds since the epoch. */
export interface LayoutTable {
  readonly id: string;
  /** The key that it belongs to; null for nobody's. */
  readonly owner: string | null;
  name: string;
  /** The name as it is searched. */
  folded_name: string;
  /** The latest version. */
  version: number;
  readonly created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

/** A row per version of a saved layout; never changed. */
export interface LayoutVersionTable {
  readonly layout_id: string;
  readonly version: number;
  readonly created_at: number;
  /** The resolved layout as canonical JSON: equal layouts are equal strings. */
  readonly layout: string;
}

export interface JobTables {
  readonly generations: GenerationTable;
  readonly events: EventTable;
  readonly fencing: FencingTable;
  readonly layouts: LayoutTable;
  readonly layout_versions: LayoutVersionTable;
  readonly turns: TurnTable;
  readonly work: WorkTable;
  readonly uploads: UploadTable;
  readonly asset_uses: AssetUseTable;
  readonly keys: KeyTable;
  readonly secrets: SecretTable;
}

/** Changes from one version of the schema to the next. Each is applied once, in order; only ever append. */
export const MIGRATIONS: readonly ((db: Kysely<JobTables>) => Promise<void>)[] = [
  async (db) => {
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
  },
  async (db) => {
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
  },
  completeRequests,
  addOwners,
  addEmphasis,
];

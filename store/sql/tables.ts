/** The tables of the database, as the latest of the migrations leaves them. */

import type { Generated, Selectable } from "kysely";
import type { EventBody } from "../../jobs/events.ts";
import type { GenerationStatus } from "../../jobs/generation.ts";

/**
 * A row per generation. Times are milliseconds since the epoch; `error`, `image`, `more_images`, `metrics`, `region_masks`
 * and `request` are JSON.
 */
export interface GenerationTable {
  /** Order of arrival: the order of lists, and of claims within a lane and priority. */
  readonly ordinal: Generated<number>;
  readonly id: string;
  /** The key that it belongs to; null for none. */
  readonly owner: string | null;
  /** Whose turn it takes. */
  readonly lane: string;
  readonly priority: number;
  /** When it expires if it still waits; null for never. */
  readonly expires_at: number | null;
  readonly request: string;
  /** The request's, by which workers choose. */
  readonly model: string;
  /** Pixels times predictions that it takes; null where that is not known. */
  readonly work: number | null;
  readonly idempotency_key: string | null;
  /** Of the input that came with the key; null without one, and where that was before inputs had fingerprints. */
  readonly fingerprint: string | null;
  status: GenerationStatus;
  attempts: number;
  readonly created_at: number;
  started_at: number | null;
  completed_at: number | null;
  step: number;
  eta_ms: number | null;
  error: string | null;
  image: string | null;
  /** A list; null for none. */
  more_images: string | null;
  metrics: string | null;
  region_masks: string | null;
  /** These three are set exactly while a worker holds the generation. */
  worker_id: string | null;
  token: number | null;
  lease_expires_at: number | null;
}

/** A row of generations, as it is read. */
export type GenerationRow = Selectable<GenerationTable>;

/**
 * A row per generation that is QUEUED, in the order in which claims look for the first of each lane. Triggers of the
 * database keep it, so that it is what the statuses say whatever changes them.
 */
export interface QueuedTable {
  readonly model: string;
  readonly lane: string;
  /** The lower, the sooner: its priority with the other sign. */
  readonly rank: number;
  readonly ordinal: number;
  readonly id: string;
  readonly work: number | null;
  readonly expires_at: number | null;
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

/** A row per uploaded file and key that uploaded it; the empty text for none. */
export interface UploadTable {
  readonly asset: string;
  readonly owner: string;
  readonly bytes: number;
  at: number;
}

/** A row per use of a stored file: a generation's picture or an image that it reads (MASK), or a saved layout's mask. */
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
  /** The key that it belongs to; null for none. */
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

/** A row per name under which something is kept of a generation while it is painted; in PostgreSQL alone. */
export interface CheckpointTable {
  readonly generation_id: string;
  readonly name: string;
  readonly token: number;
  readonly bytes: Uint8Array;
}

/** All of them. */
export interface StoreTables {
  readonly generations: GenerationTable;
  readonly queued: QueuedTable;
  readonly events: EventTable;
  readonly fencing: FencingTable;
  readonly layouts: LayoutTable;
  readonly layout_versions: LayoutVersionTable;
  readonly turns: TurnTable;
  readonly work: WorkTable;
  readonly uploads: UploadTable;
  readonly asset_uses: AssetUseTable;
  readonly keys: KeyTable;
  readonly checkpoints: CheckpointTable;
  readonly secrets: SecretTable;
}

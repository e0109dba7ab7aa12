/** What is kept: the interfaces, and what is the same wherever it is kept. */

import type { Kysely } from "kysely";
import type { KeyStore } from "../access/keys.ts";
import type { AssetStore } from "../assets/asset_store.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import type { ObjectStoreOptions } from "../assets/s3_driver.ts";
import type { UploadStore } from "../assets/uploads.ts";
import type { Checkpoints } from "../jobs/checkpoints.ts";
import type { EventLog } from "../jobs/events.ts";
import type { GenerationStore } from "../jobs/generation_store.ts";
import type { LiveEvents } from "../jobs/live_events.ts";
import type { GenerationObserver } from "../jobs/observer.ts";
import type { JobQueue } from "../jobs/queue.ts";
import type { WorkQueue } from "../jobs/work_queue.ts";
import type { LayoutStore } from "./layouts.ts";
import type { Bell } from "./sql/bell.ts";
import { Changes } from "./sql/changes.ts";
import type { SqlEngine } from "./sql/engine.ts";
import { SqlEventLog } from "./sql/event_log.ts";
import { SqlGenerationStore } from "./sql/generation_store.ts";
import { SqlJobQueue } from "./sql/job_queue.ts";
import { SqlKeptFiles } from "./sql/kept_files.ts";
import { SqlKeyStore } from "./sql/key_store.ts";
import { SqlLayoutStore } from "./sql/layout_store.ts";
import type { StoreTables } from "./sql/tables.ts";
import { SqlUploadStore } from "./sql/uploads.ts";
import { SqlWorkQueue } from "./sql/work_queue.ts";

/** How the store behaves. */
export interface StoreOptions {
  /** How many generations may wait before new ones are refused; default 1000. */
  readonly maxQueued?: number;
  /** How many workers may be lost over one generation before it fails; default 3. */
  readonly maxAttempts?: number;
  /** How long previews are kept after their generation completed, in milliseconds; default 10 minutes. */
  readonly previewRetentionMs?: number;
  /** How long an idle worker waits before it looks again, in milliseconds; default 1000. */
  readonly pollMs?: number;
  /** Whether every change waits for the disk, and so survives a power cut and not only a crash; default true. */
  readonly sync?: boolean;
  /** The clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
  /** The URL of a PostgreSQL database that keeps the records; default SQLite in the data folder. */
  readonly database?: string | undefined;
  /** The object store that keeps the files; default a folder in the data folder. */
  readonly objects?: ObjectStoreOptions | undefined;
  /** Is told of every change of a generation's status, those of recovery included. */
  readonly observer?: GenerationObserver;
  /** Heard in all processes that use the database; default: one of the database's own. */
  readonly bell?: Bell | undefined;
  /** Gets a copy of every event, and the pixels of previews, which are then kept nowhere else; default: none. */
  readonly live?: LiveEvents | undefined;
}

/** What a check of the store found. */
export interface StoreCheck {
  /**
   * Bytes that may still be written to the data folder's disk; null where the system does not tell, or where nothing is
   * kept there.
   */
  readonly free: number | null;
}

/** The open store. */
export interface Store {
  readonly queue: JobQueue;
  readonly work: WorkQueue;
  readonly generations: GenerationStore;
  readonly events: EventLog;
  readonly layouts: LayoutStore;
  readonly assets: AssetStore;
  readonly checkpoints: Checkpoints;
  readonly uploads: UploadStore;
  /** Which of the assets are used, and so stay. */
  readonly files: KeptFiles;
  readonly keys: KeyStore;
  /** What URLs are signed with. */
  readonly urlSecret: Uint8Array;
  /**
   * Looks whether what is kept in the data folder can be read and written now.
   * @throws {StorageError} if not.
   */
  check(): Promise<StoreCheck>;
  /**
   * Looks whether the database's server can be read and written now; does nothing where there is none.
   * @throws {StorageError} if not.
   */
  checkDatabase(): Promise<void>;
  /**
   * Looks whether the object store answers; does nothing where there is none.
   * @throws {StorageError} if it does not.
   */
  checkAssets(): Promise<void>;
  /** Ends every wait and every `follow`, then closes the database. Calls in flight, and later ones, may fail. */
  close(): Promise<void>;
}

/** A database or an object store, named by a setting, that cannot be used; `cause` says why. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly code = "BACKEND";

  /** @param what Which of the two. */
  constructor(readonly what: "database" | "objects", cause: unknown) {
    super(`Cannot use the ${what === "database" ? "database" : "object store"}`, { cause });
  }
}

/** An open database, and what is told of its changes. */
export interface Records extends AsyncDisposable {
  readonly db: Kysely<StoreTables>;
  readonly engine: SqlEngine;
  readonly bell: Bell;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether no other process works on it, so that leases that are there when it is opened are lost ones. */
  readonly alone: boolean;
}

/** The stores over an open database and its files. */
export function storesOver(
  { db, engine, bell, now }: Records,
  assets: AssetStore,
  options: StoreOptions,
): Omit<Store, "checkpoints" | "urlSecret" | "check" | "checkDatabase" | "checkAssets" | "close"> {
  const { maxQueued = 1000, maxAttempts = 3, previewRetentionMs = 600_000, pollMs = 1000, observer, live } = options;
  const changes = new Changes(db, engine, bell, { now, previewRetentionMs, observer, live });
  return {
    queue: new SqlJobQueue(changes, { maxQueued }),
    work: new SqlWorkQueue(changes, { maxAttempts, pollMs }),
    generations: new SqlGenerationStore(changes),
    events: new SqlEventLog(db, bell, live),
    layouts: new SqlLayoutStore(db, engine, { now }),
    assets,
    files: new SqlKeptFiles(db, engine, assets),
    uploads: new SqlUploadStore(db, { now }),
    keys: new SqlKeyStore(db, { now }),
  };
}

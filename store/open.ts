/** Everything that is kept, under one data folder. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { sql } from "kysely";
import { createStorage } from "unstorage";
import type { KeyStore } from "../access/keys.ts";
import { type AssetStore, StorageAssetStore } from "../assets/asset_store.ts";
import { atomicFsDriver } from "../assets/atomic_fs_driver.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import type { UploadStore } from "../assets/uploads.ts";
import type { EventLog } from "../jobs/events.ts";
import type { GenerationStore } from "../jobs/generation_store.ts";
import type { GenerationObserver } from "../jobs/observer.ts";
import type { JobQueue } from "../jobs/queue.ts";
import type { WorkQueue } from "../jobs/work_queue.ts";
import { probeDisk } from "./disk.ts";
import { lockFolder } from "./folder_lock.ts";
import type { LayoutStore } from "./layouts.ts";
import { LocalBell } from "./sql/bell.ts";
import { Changes } from "./sql/changes.ts";
import { openDatabase } from "./sqlite/database.ts";
import { SqliteEngine } from "./sqlite/engine.ts";
import { SqlEventLog } from "./sql/event_log.ts";
import { SqlGenerationStore } from "./sql/generation_store.ts";
import { SqlJobQueue } from "./sql/job_queue.ts";
import { SqlKeptFiles } from "./sql/kept_files.ts";
import { secretOf, SqlKeyStore } from "./sql/key_store.ts";
import { SqlLayoutStore } from "./sql/layout_store.ts";
import { MIGRATIONS } from "./sqlite/migrations/migrations.ts";
import { SqlUploadStore } from "./sql/uploads.ts";
import { SqlWorkQueue } from "./sql/work_queue.ts";

const log = getLogger(["parterre", "store"]);

/** The database's file in the data folder. */
export const DATABASE = "parterre.sqlite";

/** The folder of the assets in the data folder. */
export const ASSETS = "assets";

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
  /** Is told of every change of a generation's status, those of recovery included. */
  readonly observer?: GenerationObserver;
}

/** What a check of the store found. */
export interface StoreCheck {
  /** Bytes that may still be written to the data folder's disk; null where the system does not tell. */
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
  readonly uploads: UploadStore;
  /** Which of the assets are used, and so stay. */
  readonly files: KeptFiles;
  readonly keys: KeyStore;
  /** What URLs are signed with. */
  readonly urlSecret: Uint8Array;
  /**
   * Looks whether everything can be read and written now.
   * @throws {StorageError} if not.
   */
  check(): Promise<StoreCheck>;
  /** Ends every wait and every `follow`, then closes the database. Calls in flight, and later ones, may fail. */
  close(): Promise<void>;
}

/**
 * Opens or creates the store of this process: `parterre.sqlite` and `assets/` in the data folder. Generations that a
 * former process left running are queued again, or failed if their attempts are used up.
 * @param dataFolder Made when needed; used by one process at a time.
 * @throws {DataFolderInUseError} if another process has it open.
 * @throws {LaterSchemaError} if a later version of this program wrote it.
 *
 * @example
 * ```ts
 * const { queue, events, close } = await openStore("data");
 * const { generation } = await queue.enqueue(request);
 * for await (const event of events.follow(generation.id, 0, signal)) console.log(event.type);
 * await close();
 * ```
 */
export async function openStore(dataFolder: string, options: StoreOptions = {}): Promise<Store> {
  await mkdir(dataFolder, { recursive: true });
  await using opening = new AsyncDisposableStack();
  opening.use(await lockFolder(dataFolder));
  const {
    maxQueued = 1000,
    maxAttempts = 3,
    previewRetentionMs = 600_000,
    pollMs = 1000,
    sync = true,
    now = Date.now,
    observer,
  } = options;

  const assets = new StorageAssetStore(createStorage({ driver: await atomicFsDriver(join(dataFolder, ASSETS)) }));
  const db = await openDatabase(join(dataFolder, DATABASE), MIGRATIONS, sync);
  opening.defer(() => db.destroy());
  const engine = new SqliteEngine();
  const bell = new LocalBell();
  const changes = new Changes(db, engine, bell, { now, previewRetentionMs, observer });
  const queue = new SqlJobQueue(changes, { maxQueued });
  const work = new SqlWorkQueue(changes, { maxAttempts, pollMs });
  const generations = new SqlGenerationStore(changes);
  const events = new SqlEventLog(db, bell);
  const layouts = new SqlLayoutStore(db, engine, { now });
  const files = new SqlKeptFiles(db, engine, assets);
  const uploads = new SqlUploadStore(db, { now });
  const keys = new SqlKeyStore(db, { now });
  const urlSecret = await secretOf(db, "urls");

  const { requeued, failed, canceled } = await work.recover({ allLeases: true });
  if (requeued.length + failed.length + canceled.length > 0) {
    log.warn("Recovered from a crash: {requeued} queued again, {failed} failed, {canceled} canceled", {
      requeued,
      failed,
      canceled,
    });
  }

  const held = opening.move();
  return {
    queue,
    work,
    generations,
    events,
    layouts,
    assets,
    uploads,
    files,
    keys,
    urlSecret,
    check: async () => {
      await db.transaction().execute((transaction) => sql`SELECT 1`.execute(transaction)); // takes the write lock
      return { free: await probeDisk(dataFolder) };
    },
    close: () => {
      bell.close();
      return held.disposeAsync();
    },
  };
}

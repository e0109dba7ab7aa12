/** Everything that is kept: under one data folder, or where many processes use it together. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { createStorage } from "unstorage";
import { type AssetStore, StorageAssetStore } from "../assets/asset_store.ts";
import { atomicFsDriver } from "../assets/atomic_fs_driver.ts";
import type { ObjectStore } from "../assets/object_store.ts";
import type { ObjectStoreOptions } from "../assets/s3_driver.ts";
import { untilStored } from "../jobs/until_stored.ts";
import { CheckpointFiles } from "./checkpoint_files.ts";
import { probeDisk } from "./disk.ts";
import { lockFolder } from "./folder_lock.ts";
import { LaterSchemaError } from "./later_schema_error.ts";
import { SqlCheckpoints } from "./sql/checkpoints.ts";
import { secretOf } from "./sql/key_store.ts";
import { openSqlite } from "./sqlite/open_sqlite.ts";
import { BackendError, type Records, type Store, type StoreOptions, storesOver } from "./store.ts";

const log = getLogger(["parterre", "store"]);

/** The database's file in the data folder. */
export const DATABASE = "parterre.sqlite";

/** The folder of the assets in the data folder. */
export const ASSETS = "assets";

/** How long a start waits for an object store, in milliseconds: it may be starting too. */
const PATIENCE_MS = 30_000;

/** The folder of the checkpoints in the data folder. */
const CHECKPOINTS = "checkpoints";

/**
 * Opens or creates the store of this process: `parterre.sqlite` and `assets/` in the data folder, or the database and the
 * object store that the options name instead. Generations that a former process left running are queued again, or failed
 * if their attempts are used up: at once where no other process may be at work on them, else when their leases expire.
 * @param dataFolder Made when needed; used by one process at a time. Not touched where nothing is kept in it.
 * @throws {DataFolderInUseError} if another process has it open.
 * @throws {LaterSchemaError} if a later version of this program wrote it.
 * @throws {BackendError} if the database or the object store that the options name cannot be used.
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
  await using opening = new AsyncDisposableStack();
  const usesFolder = options.database === undefined || options.objects === undefined;
  if (usesFolder) {
    await mkdir(dataFolder, { recursive: true });
    opening.use(await lockFolder(dataFolder));
  }
  const { assets, checkAssets } = options.objects === undefined
    ? { assets: await openFolder(join(dataFolder, ASSETS)), checkAssets: () => Promise.resolve() }
    : await openBucket(options.objects).catch(asBackend("objects"));
  const records = opening.use(
    options.database === undefined
      ? await openSqlite(join(dataFolder, DATABASE), options)
      : await openServer(options.database, options).catch(asBackend("database")),
  );
  const { db, engine, bell, alone } = records;
  const stores = storesOver(records, assets, options);
  const urlSecret = await secretOf(db, "urls");

  const { requeued, failed, canceled } = await stores.work.recover({ allLeases: alone });
  if (requeued.length + failed.length + canceled.length > 0) {
    log.warn("Recovered from a crash: {requeued} queued again, {failed} failed, {canceled} canceled", {
      requeued,
      failed,
      canceled,
    });
  }

  const held = opening.move();
  return {
    ...stores,
    checkpoints: alone ? new CheckpointFiles(join(dataFolder, CHECKPOINTS)) : new SqlCheckpoints(db),
    urlSecret,
    check: async () => {
      if (alone) await engine.check(db);
      return { free: usesFolder ? await probeDisk(dataFolder) : null };
    },
    checkDatabase: async () => {
      if (!alone) await engine.check(db);
    },
    checkAssets,
    close: () => {
      bell.close();
      return held.disposeAsync();
    },
  };
}

// What a server with a data folder does not need is loaded only where it is used.

async function openBucket(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { openObjectStore } = await import("../assets/object_store.ts");
  return await untilStored(() => openObjectStore(options), {
    task: "reach the object store",
    firstWaitMs: 100,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

async function openServer(url: string, options: StoreOptions): Promise<Records> {
  const { openPostgres } = await import("./postgres/open_postgres.ts");
  return await openPostgres(url, options);
}

async function openFolder(path: string): Promise<AssetStore> {
  return new StorageAssetStore(createStorage({ driver: await atomicFsDriver(path) }));
}

function asBackend(what: BackendError["what"]): (error: unknown) => never {
  return (error) => {
    if (error instanceof LaterSchemaError) throw error;
    throw new BackendError(what, error);
  };
}

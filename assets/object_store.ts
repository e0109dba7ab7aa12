/** Assets in a bucket of an object store that speaks S3. */

import { createStorage } from "unstorage";
import { type AssetStore, StorageAssetStore } from "./asset_store.ts";
import { type ObjectStoreOptions, s3Driver } from "./s3_driver.ts";
import { StorageError } from "./storage_error.ts";

/** What is written at the start, and looked for by every check. */
const TRIAL = "parterre-trial";

/** What is never written. */
const NOTHING = "parterre-nothing";

/** An object store in use. */
export interface ObjectStore {
  readonly assets: AssetStore;
  /** Looks whether it answers. @throws {StorageError} if it does not, or has lost its bucket. */
  checkAssets(): Promise<void>;
}

/**
 * Opens the bucket, which must exist, and writes to it.
 * @throws {StorageError} if it does not answer.
 * @throws {Error} with its answer if it refuses: there is no such bucket, these are not its keys, or a right is missing.
 */
export async function openObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const storage = createStorage({ driver: s3Driver(options) });
  try {
    await storage.setItemRaw(TRIAL, new Uint8Array(0));
  } catch (error) {
    throw isRefusal(error) ? error.cause : error;
  }
  try {
    await storage.hasItem(NOTHING);
  } catch (error) {
    // AWS answers 403 for what is not there to those who may not list the bucket: no file could be told to be missing.
    throw isRefusal(error) ? new Error("The right to list the bucket (s3:ListBucket) is missing", error) : error;
  }
  return {
    assets: new StorageAssetStore(storage),
    checkAssets: async () => {
      if (!await storage.hasItem(TRIAL)) throw new StorageError("STORAGE_FAILED", new Error(`${TRIAL} is gone`));
    },
  };
}

function isRefusal(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === "STORAGE_FAILED";
}

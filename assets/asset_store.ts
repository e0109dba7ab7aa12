/** Finished files, each under the hash of its bytes. */

import { createHash } from "node:crypto";
import { getLogger } from "@logtape/logtape";
import type { Storage } from "unstorage";
import { quote } from "../errors.ts";
import { storageError } from "./storage_error.ts";

const log = getLogger(["parterre", "store", "assets"]);

/** A key that no asset can have. */
export class InvalidAssetKeyError extends Error {
  override readonly name = "InvalidAssetKeyError";
  readonly code = "INVALID_ASSET_KEY";

  constructor(readonly key: string) {
    super(`Cannot use asset key ${quote(key)}: must be 64 lower-case hex digits`);
  }
}

/** A stored file. */
export interface Asset {
  readonly bytes: Uint8Array;
  /** Media type, such as `image/png`. */
  readonly contentType: string;
}

/**
 * Files by the SHA-256 of their bytes. All methods that take a key throw `InvalidAssetKeyError` for a malformed one, and
 * all of them `StorageError` where what is below them cannot be read or written.
 */
export interface AssetStore {
  /**
   * Stores a file; once this resolves it is there for good, and until then it is not there at all. Storing the same
   * bytes again sets their content type.
   */
  put(
    bytes: Uint8Array,
    options: { readonly contentType: string },
  ): Promise<{ readonly key: string; readonly bytes: number }>;

  /** The file; null if there is none, or if what is there is damaged, which is logged as an error. */
  get(key: string): Promise<Asset | null>;

  /** Whether something is stored under the key; does not read it, so that damage goes unnoticed. */
  has(key: string): Promise<boolean>;

  /** Removes the file if there is one. */
  remove(key: string): Promise<void>;
}

/**
 * Assets in any unstorage storage whose driver writes atomically. The content type is the item's metadata.
 *
 * @example
 * ```ts
 * const assets = new StorageAssetStore(createStorage({ driver: await atomicFsDriver("data/assets") }));
 * const { key } = await assets.put(file, { contentType: "image/png" });
 * ```
 */
export class StorageAssetStore implements AssetStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async put(
    bytes: Uint8Array,
    options: { readonly contentType: string },
  ): Promise<{ readonly key: string; readonly bytes: number }> {
    const key = assetKey(bytes);
    // The bytes go last: a file that is there has its content type.
    await typed(this.#storage.setMeta(key, { contentType: options.contentType }));
    await typed(this.#storage.setItemRaw(key, bytes));
    return { key, bytes: bytes.length };
  }

  async get(key: string): Promise<Asset | null> {
    check(key);
    const stored: unknown = await typed(this.#storage.getItemRaw(key));
    if (stored === null || stored === undefined) return null;
    // The file-system driver resolves with errors other than "not found" instead of rejecting.
    if (stored instanceof Error) throw storageError(stored);
    if (!(stored instanceof Uint8Array)) throw new TypeError(`Cannot read asset ${key}: the driver gave no bytes`);

    const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    const found = assetKey(bytes);
    const { contentType } = await typed(this.#storage.getMeta(key));
    if (found !== key || typeof contentType !== "string") {
      log.error("Asset {key} is damaged: its bytes have hash {found}, its content type is {contentType}", {
        key,
        found,
        contentType,
      });
      return null;
    }
    return { bytes, contentType };
  }

  async has(key: string): Promise<boolean> {
    check(key);
    return await typed(this.#storage.hasItem(key));
  }

  async remove(key: string): Promise<void> {
    check(key);
    await typed(this.#storage.removeItem(key, { removeMeta: true }));
  }
}

/** The key under which these bytes are stored: their SHA-256 in lower-case hex. */
export function assetKey(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @throws {StorageError} for the faults below the store that are one. */
async function typed<T>(call: T | Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw storageError(error);
  }
}

function check(key: string): void {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new InvalidAssetKeyError(key);
}

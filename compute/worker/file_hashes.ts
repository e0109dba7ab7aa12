/** Hashes of files, each made once for as long as its file stays as it is. */

import { LRUCache } from "lru-cache";
import { stampOfFile } from "../model/stamps.ts";
import { LiveWorker } from "../../workers/live_worker.ts";
import type { HashApi } from "./hash_worker.ts";

/** Hashes that are remembered. */
const REMEMBERED = 512;

/** SHA-256 of whole files, in hexadecimal digits, made on threads of their own: large ones take seconds. */
export class FileHashes {
  readonly #known = new LRUCache<string, Promise<string | null>>({ max: REMEMBERED });

  /** A file's hash; null where it cannot be read. */
  of(path: string): Promise<string | null> {
    const stamp = stampOfFile(path);
    if (stamp === null) return Promise.resolve(null);
    const hash = this.#known.get(stamp) ?? inWorker<string>((api) => api.file(path)).catch(() => null);
    this.#known.set(stamp, hash);
    return hash;
  }
}

/**
 * What `hashModel` says of a folder.
 * @throws {Error} if a file cannot be read.
 */
export function hashInWorker(folder: string): Promise<string> {
  return inWorker((api) => api.model(folder));
}

/** Asks a Worker that lives for this one answer. */
async function inWorker<T>(ask: Parameters<LiveWorker<HashApi>["call"]>[0]): Promise<T> {
  const worker = new LiveWorker<HashApi>(new URL("./hash_worker.ts", import.meta.url), "hash");
  try {
    return await worker.call(ask) as T;
  } finally {
    worker.end(new Error("The hash was made"));
  }
}

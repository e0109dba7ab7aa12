/** A model's hash on a thread of its own: reading large weights would hold up the one that asks for seconds. */

import { LiveWorker } from "../../workers/live_worker.ts";
import type { HashApi } from "./hash_worker.ts";

/**
 * What `hashModel` says of a folder, from a Worker that lives for this.
 * @throws {Error} if a file cannot be read.
 */
export async function hashInWorker(folder: string): Promise<string> {
  const worker = new LiveWorker<HashApi>(new URL("./hash_worker.ts", import.meta.url), "hash");
  try {
    return await worker.call<string>((api) => api.hash(folder));
  } finally {
    worker.end(new Error("The hash was made"));
  }
}

/** Hashes of models, each made once per state of its files. */

import { statSync } from "node:fs";
import { join } from "node:path";
import { LiveWorker } from "../../workers/live_worker.ts";
import { modelFiles } from "../model/hash_model.ts";
import type { HashApi } from "./hash_worker.ts";

/** Hashes models in Workers that live as long as one hash takes. */
export class ModelHashes {
  readonly #known = new Map<string, { readonly stamp: string; readonly hash: Promise<string | null> }>();

  /** @param folder Holds one folder per model. */
  constructor(private readonly folder: string) {}

  /** What {@link hashModel} says of a model, kept until one of its files changes; null where they cannot be read. */
  of(name: string): Promise<string | null> {
    const folder = join(this.folder, name);
    const stamp = stampOf(folder);
    const known = this.#known.get(name);
    if (stamp === null) return Promise.resolve(null);
    if (known?.stamp === stamp) return known.hash;
    const hash = hashInWorker(folder).catch(() => null);
    this.#known.set(name, { stamp, hash });
    return hash;
  }
}

async function hashInWorker(folder: string): Promise<string> {
  const worker = new LiveWorker<HashApi>(new URL("./hash_worker.ts", import.meta.url), "hash");
  try {
    return await worker.call<string>((api) => api.hash(folder));
  } finally {
    worker.end(new Error("The hash was made"));
  }
}

function stampOf(folder: string): string | null {
  try {
    return modelFiles(folder).map((path) => {
      const { mtimeMs, size } = statSync(join(folder, path));
      return `${path} ${mtimeMs} ${size}`;
    }).join("\n");
  } catch {
    return null;
  }
}

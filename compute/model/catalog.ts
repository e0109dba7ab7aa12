/** The models folder: which model folders it holds and what each says of itself. */

import { join } from "node:path";
import { type ModelConfig, ModelFolderError, readModelConfig } from "./config.ts";

/** A model folder, usable or refused with the reason. */
export type CatalogEntry =
  | { readonly name: string; readonly config: ModelConfig; readonly bytes: number }
  | { readonly name: string; readonly refused: string };

/** Reads the models folder anew at each question, so that a folder dropped in is found without a restart. */
export class ModelCatalog {
  /** @param folder Holds one folder per model. */
  constructor(readonly folder: string) {}

  /** Every model folder, by name. A folder is one if it holds `model_index.json`. */
  list(): readonly CatalogEntry[] {
    return names(this.folder).map((name) => this.#entry(name));
  }

  /** One model; undefined if there is none of that name. */
  find(name: string): CatalogEntry | undefined {
    return names(this.folder).includes(name) ? this.#entry(name) : undefined;
  }

  #entry(name: string): CatalogEntry {
    const folder = join(this.folder, name);
    try {
      return { name, config: readModelConfig(folder, name), bytes: graphBytes(folder) };
    } catch (error) {
      if (error instanceof ModelFolderError) return { name, refused: error.message };
      throw error;
    }
  }
}

function names(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].filter((entry) => !entry.name.startsWith("."))
      .map((entry) => entry.name).filter((name) => isFile(join(folder, name, "model_index.json"))).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Bytes of the graphs and their weights. */
function graphBytes(folder: string): number {
  let bytes = 0;
  for (const part of Deno.readDirSync(folder)) {
    if (!part.isDirectory) continue;
    for (const file of Deno.readDirSync(join(folder, part.name))) {
      if (file.name.startsWith("model.onnx")) bytes += Deno.statSync(join(folder, part.name, file.name)).size;
    }
  }
  return bytes;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

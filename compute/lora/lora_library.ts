/** The LoRA files that there are: those of the server's folder, and those in the `loras` folder of a model. */

import { fileInfo, realPath } from "#host/files.ts";
import { join } from "node:path";
import { closest } from "fastest-levenshtein";
import { LRUCache } from "lru-cache";
import { quote } from "../../errors.ts";
import { entriesOf } from "../folder_entries.ts";
import { stampOfFile } from "../model/stamps.ts";
import { type LoraFile, LoraFormatError, readLoraFile } from "./lora_file.ts";
import { type LoraPlan, type LoraTarget, planLora } from "./lora_plan.ts";

/** A request names a LoRA that there is not. */
export class UnknownLoraError extends Error {
  override readonly name = "UnknownLoraError";
  readonly code = "UNKNOWN_LORA";

  /** @param nearest The names that are most like it, the best first; empty if there are none at all. */
  constructor(readonly lora: string, readonly nearest: readonly string[]) {
    const hint = nearest.length === 0 ? "there are none" : `the nearest are ${nearest.map(quote).join(", ")}`;
    super(`There is no LoRA ${quote(lora)}: ${hint}`);
  }
}

/** A LoRA file that cannot be used; the message names it and says why. */
export class LoraFileError extends Error {
  override readonly name = "LoraFileError";
  readonly code = "UNUSABLE_LORA";

  constructor(readonly lora: string, readonly reason: string) {
    super(`Cannot use the LoRA ${quote(lora)}: ${reason}`);
  }
}

/** A file of a folder, described or refused with the reason. */
export type LoraEntry =
  & { readonly name: string; readonly bytes: number }
  & ({ readonly file: LoraFile } | { readonly refused: string });

/** A LoRA that a model can use. */
export interface UsableLora {
  readonly name: string;
  readonly path: string;
  readonly plan: LoraPlan;
  readonly bytes: number;
  /** Changes with the file. */
  readonly state: string;
}

const EXTENSION = ".safetensors";

/** The folder within a model's. */
const NESTED = "loras";

/** Headers that are remembered. */
const REMEMBERED = 256;

/** Names that an error offers. */
const OFFERED = 3;

/** Reads headers of LoRA files, each once for as long as its file stays as it is. Folders are looked into at each question. */
export class LoraLibrary {
  readonly #known = new LRUCache<string, LoraFile | string>({ max: REMEMBERED });

  /** @param folder The server's; null if there is none. */
  constructor(private readonly folder: string | null) {}

  /** Every file of the server's folder and, before one of the same name there, of a model's, by name. */
  list(modelFolder: string | null): readonly LoraEntry[] {
    return [...this.#paths(modelFolder)].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { root, path }]) => {
      const bytes = sizeOf(path);
      const read = this.#read(root, path);
      return typeof read === "string" ? { name, bytes, refused: read } : { name, bytes, file: read };
    });
  }

  /**
   * A LoRA for a model, by the name of its file without the ending.
   * @throws {UnknownLoraError} if there is no file of that name.
   * @throws {LoraFileError} if it cannot be used at all.
   * @throws {LoraFamilyError} if it is for another model.
   */
  find(name: string, target: LoraTarget): UsableLora {
    const paths = this.#paths(target.config.folder);
    // Looked up in the listing, so that no name can lead out of a folder.
    const found = paths.get(name);
    if (found === undefined) throw new UnknownLoraError(name, nearest(name, [...paths.keys()].sort()));
    const read = this.#read(found.root, found.path);
    if (typeof read === "string") throw new LoraFileError(name, read);
    return {
      name,
      path: found.path,
      plan: planLora(read, target),
      bytes: sizeOf(found.path),
      state: stateOf(found.path),
    };
  }

  /** Where a file of that name lies. */
  pathOf(name: string, modelFolder: string): string | undefined {
    return this.#paths(modelFolder).get(name)?.path;
  }

  /** Files by name. */
  #paths(modelFolder: string | null): ReadonlyMap<string, { readonly root: string; readonly path: string }> {
    const own = modelFolder === null ? null : join(modelFolder, NESTED);
    const found = new Map<string, { root: string; path: string }>();
    for (const root of [this.folder, own]) {
      if (root === null) continue;
      for (const file of filesOf(root)) found.set(file.slice(0, -EXTENSION.length), { root, path: join(root, file) });
    }
    return found;
  }

  /** What a header says, or why it cannot be used. */
  #read(root: string, path: string): LoraFile | string {
    const state = stateOf(path);
    const read = this.#known.get(state) ?? readEntry(root, path);
    this.#known.set(state, read);
    return read;
  }
}

function readEntry(root: string, path: string): LoraFile | string {
  try {
    // What is read through a link that leads out lies where nobody allowed it, and reading follows links.
    if (!realPath(path).startsWith(join(realPath(root), "/"))) {
      return "the link must not lead out of the folder of LoRAs";
    }
    if (!fileInfo(path).isFile) return "it is no file";
    return readLoraFile(path);
  } catch (error) {
    if (error instanceof LoraFormatError || error instanceof SyntaxError) return error.message;
    return `it cannot be read: ${error instanceof Error ? error.name : error}`;
  }
}

function filesOf(folder: string): readonly string[] {
  return entriesOf(folder).filter((entry) => !entry.isDirectory && !entry.name.startsWith("."))
    .map(({ name }) => name).filter((name) => name.endsWith(EXTENSION));
}

function sizeOf(path: string): number {
  try {
    return fileInfo(path).size;
  } catch {
    return 0;
  }
}

function stateOf(path: string): string {
  return stampOfFile(path) ?? JSON.stringify([path]);
}

/** The names that are most like one, the best first. */
function nearest(name: string, all: readonly string[]): readonly string[] {
  const left = [...all];
  const found: string[] = [];
  while (found.length < OFFERED && left.length > 0) {
    const best = closest(name, left);
    found.push(best);
    left.splice(left.indexOf(best), 1);
  }
  return found;
}

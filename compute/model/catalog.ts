/** The one catalogue of models: what is known of every folder, read once, and again when its files change. */

import { fileInfo, isFile } from "#host/files.ts";
import { join } from "node:path";
import { pathsWithin } from "../../paths.ts";
import { entriesOf } from "../folder_entries.ts";
import { LoraLibrary } from "../lora/lora_library.ts";
import { FileHashes, hashInWorker } from "../worker/file_hashes.ts";
import { inspectInWorker } from "../worker/inspect_in_worker.ts";
import type { CatalogEntry, UsableModel } from "./catalog_entry.ts";
import type { ModelConfig } from "./config.ts";
import { type Embedding, type EmbeddingEntry, EmbeddingFiles } from "./embeddings.ts";
import type { Inspection, ModelFacts } from "./inspect.ts";
import type { ModelFile } from "./model_file_list.ts";
import { modelFiles, PREVIEW_MAP_FILE } from "./model_stamps.ts";
import { type Inspect, KnownModel } from "./known_model.ts";
import { FRESH_MS, FreshLook } from "./stamps.ts";
import { TokenizerCache } from "./tokenizer_cache.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

export type { CatalogEntry, ModelDefaults, UsableModel } from "./catalog_entry.ts";

/** How a catalogue looks at its folder. */
export interface CatalogOptions {
  /** Milliseconds for which a look at the folder and at a model's files counts; default: a second. */
  readonly freshMs?: number;
  /** How graphs are looked into; default: by a Worker. */
  readonly inspect?: Inspect;
  /** Holds LoRA files for all models; default: there is none. */
  readonly lorasFolder?: string | null;
}

/**
 * What is known of the models in a folder. Nothing is read twice for as long as the files stay as they are, and whether
 * they do is looked at once a second at most: a folder dropped in, changed or removed is seen without a restart.
 *
 * @example
 * ```ts
 * const catalog = new ModelCatalog("models");
 * const model = catalog.find("beds-256");
 * if (model !== undefined && "config" in model) console.log(model.defaults, await catalog.inspect(model.name));
 * ```
 */
export class ModelCatalog {
  /** The LoRAs of the server and of its models. */
  readonly loras: LoraLibrary;
  readonly #names: FreshLook<readonly string[]>;
  readonly #models = new Map<string, KnownModel>();
  readonly #tokenizers = new TokenizerCache();
  readonly #embeddings = new EmbeddingFiles();
  readonly #freshMs: number;
  readonly #inspect: Inspect;
  readonly #hashes = new FileHashes();

  /** @param folder Holds one folder per model. */
  constructor(
    readonly folder: string,
    { freshMs = FRESH_MS, inspect = inspectInWorker, lorasFolder = null }: CatalogOptions = {},
  ) {
    this.#freshMs = freshMs;
    this.#inspect = inspect;
    this.#names = new FreshLook(() => this.#lookForNames(), freshMs);
    this.loras = new LoraLibrary(lorasFolder);
  }

  /** Every model folder, by name. A folder is one if it holds `model_index.json`. */
  list(): readonly CatalogEntry[] {
    return this.#names.get().flatMap((name) => this.#model(name)?.entry ?? []);
  }

  /** Whether any model can be used; looks no further than the first that can. */
  hasUsable(): boolean {
    return this.firstUsable() !== undefined;
  }

  /** The first model that can be used, by name. */
  firstUsable(): UsableModel | undefined {
    for (const name of this.#names.get()) {
      const entry = this.#model(name)?.entry;
      if (entry !== undefined && "config" in entry) return entry;
    }
    return undefined;
  }

  /** One model; undefined if there is none of that name. */
  find(name: string): CatalogEntry | undefined {
    return this.#model(name)?.entry;
  }

  /** Makes the next calls look at the files again, however soon they come: for a request that would be refused. */
  lookAgain(): void {
    this.#names.expire();
    for (const model of this.#models.values()) model.expire();
  }

  /** What a model's graphs say: whether they can be used, and the memory that they take. */
  async inspect(name: string): Promise<Inspection> {
    const inspection = await this.#model(name)?.inspection(this.#inspect) ??
      { usable: false, refused: `Cannot use "${name}": there is no such model` };
    if (inspection.usable) return inspection;
    return { ...inspection, refused: pathsWithin(this.folder, inspection.refused) };
  }

  /** Takes what somebody else finds in a model's graphs, if it finds anything. */
  remember(name: string, inspection: Promise<Inspection>): void {
    this.#model(name)?.remember(inspection, this.#inspect);
  }

  /** What was found in a model's graphs as they are now; undefined while nothing is known of them. */
  factsOf(name: string): ModelFacts | undefined {
    return this.#model(name)?.facts;
  }

  /** A model's {@link hashModel}, worked out once for each state of its files; null where they cannot be read. */
  async hash(name: string): Promise<string | null> {
    return await this.#model(name)?.hash(hashInWorker) ?? null;
  }

  /** The files of a usable model that its pictures and their previews are made from; none of another. */
  async files(name: string): Promise<readonly ModelFile[]> {
    const entry = this.find(name);
    if (entry === undefined || !("config" in entry)) return [];
    const { folder } = entry.config;
    const files = [...modelFiles(folder), ...isFile(join(folder, PREVIEW_MAP_FILE)) ? [PREVIEW_MAP_FILE] : []];
    const listed = await Promise.all(files.map(async (path) => {
      const sha256 = await this.#hashes.of(join(folder, path));
      return sha256 === null ? [] : [{ path, bytes: fileInfo(join(folder, path)).size, sha256 }];
    }));
    return listed.flat();
  }

  /** The SHA-256 of a LoRA's file, by the name that pictures of the model have for it; null where it cannot be read. */
  async loraHash(model: string, name: string): Promise<string | null> {
    const path = this.loras.pathOf(name, join(this.folder, model));
    return path === undefined ? null : await this.#hashes.of(path);
  }

  /** The SHA-256 of an embedding's file, in the same way. */
  async embeddingHash(model: string, name: string): Promise<string | null> {
    const path = this.#embeddings.pathOf(name, join(this.folder, model));
    return path === undefined ? null : await this.#hashes.of(path);
  }

  /**
   * A model's tokenizers, one per text encoder.
   * @throws {ModelFolderError} if a file is missing or broken.
   */
  tokenizers(config: ModelConfig): readonly PromptTokenizer[] {
    return this.#tokenizers.get(config, this.#model(config.name)?.stamps.tokenizers ?? "");
  }

  /** Every file of a model's `embeddings` folder, by name. */
  embeddings(config: ModelConfig): readonly EmbeddingEntry[] {
    return this.#model(config.name)?.embeddings(config, this.#embeddings) ?? [];
  }

  /**
   * One embedding of a model, as its file is at this moment.
   * @throws {UnknownEmbeddingError} if there is no file of that name.
   * @throws {EmbeddingFileError} if the model cannot use it.
   */
  embedding(config: ModelConfig, name: string): Embedding {
    return this.#embeddings.get(config, name);
  }

  #model(name: string): KnownModel | undefined {
    if (!this.#names.get().includes(name)) return undefined;
    const model = this.#models.get(name) ?? new KnownModel(this.folder, name, this.#freshMs);
    this.#models.set(name, model);
    return model;
  }

  #lookForNames(): readonly string[] {
    const names = modelNames(this.folder);
    for (const name of this.#models.keys()) if (!names.includes(name)) this.#models.delete(name);
    return names;
  }
}

function modelNames(folder: string): readonly string[] {
  return entriesOf(folder).map(({ name }) => name)
    .filter((name) => !name.startsWith(".") && isFile(join(folder, name, "model_index.json"))).sort();
}

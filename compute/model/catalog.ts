/** The models folder: which model folders it holds and what each says of itself. */

import { join } from "node:path";
import { z } from "zod";
import { pathsWithin } from "../../paths.ts";
import { type ModelConfig, ModelFolderError, readModelConfig, TINY_DECODER } from "./config.ts";
import { EmbeddingFiles } from "./embeddings.ts";
import { capabilitiesOf, DISTILLATIONS, type ModelCapabilities } from "./capabilities.ts";
import { linkOutOf } from "./links.ts";
import { TokenizerCache } from "./tokenizer_cache.ts";

/** A model folder whose config files can be used. */
export interface UsableModel {
  readonly name: string;
  readonly config: ModelConfig;
  readonly capabilities: ModelCapabilities;
  /** Whether it has a tiny autoencoder for previews. */
  readonly tinyDecoder: boolean;
  /** Whether its autoencoder's encoder is there, so that it can start from a picture. */
  readonly encoder: boolean;
  /** What a request that names neither gets. */
  readonly defaults: ModelDefaults;
  /** Bytes of the graphs and their weights on disk. */
  readonly bytes: number;
}

/** Settings that suit a model: its family's, unless its own `parterre.json` knows better. */
export interface ModelDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
}

/** A model folder, usable or refused with the reason. */
export type CatalogEntry = UsableModel | { readonly name: string; readonly refused: string };

/** `parterre.json`: what a model's stock files cannot say. */
const ownFacts = z.looseObject({
  defaults: z.object({ steps: z.int().positive(), guidanceScale: z.number().nonnegative() }).partial().default({}),
  distillation: z.enum(DISTILLATIONS).optional(),
});

/** Reads the models folder again at each call, so that a folder dropped in is found without a restart. */
export class ModelCatalog {
  /** The models' tokenizers, read once for as long as their files do not change. */
  readonly tokenizers: TokenizerCache = new TokenizerCache();
  /** The models' embeddings. */
  readonly embeddings: EmbeddingFiles = new EmbeddingFiles();

  /** @param folder Holds one folder per model. */
  constructor(readonly folder: string) {}

  /** Every model folder, by name. A folder is one if it holds `model_index.json`. */
  list(): readonly CatalogEntry[] {
    return names(this.folder).map((name) => this.#entry(name));
  }

  /** Whether any model can be used; looks no further than the first that can. */
  hasUsable(): boolean {
    return names(this.folder).some((name) => "config" in this.#entry(name));
  }

  /** One model; undefined if there is none of that name. */
  find(name: string): CatalogEntry | undefined {
    return names(this.folder).includes(name) ? this.#entry(name) : undefined;
  }

  #entry(name: string): CatalogEntry {
    const folder = join(this.folder, name);
    try {
      const link = linkOutOf(this.folder, name);
      if (link !== undefined) throw new ModelFolderError(link, "the link must not lead out of the folder of models");
      const config = readModelConfig(folder, name);
      const own = readOwnFacts(folder);
      const capabilities = capabilitiesOf(config, own.distillation);
      const tinyDecoder = isFile(join(folder, TINY_DECODER, "model.onnx"));
      const encoder = isFile(join(folder, "vae_encoder", "model.onnx"));
      const { defaultSteps, defaultGuidanceScale } = capabilities;
      const { steps = defaultSteps, guidanceScale = defaultGuidanceScale } = own.defaults;
      const defaults = { steps, guidanceScale };
      return { name, config, capabilities, tinyDecoder, encoder, defaults, bytes: graphBytes(folder) };
    } catch (error) {
      if (error instanceof ModelFolderError) return { name, refused: pathsWithin(this.folder, error.message) };
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

function readOwnFacts(folder: string): z.infer<typeof ownFacts> {
  const file = join(folder, "parterre.json");
  if (!isFile(file)) return { defaults: {} };
  let json: unknown;
  try {
    json = JSON.parse(Deno.readTextFileSync(file));
  } catch {
    throw new ModelFolderError(file, "the file is not JSON");
  }
  const result = ownFacts.safeParse(json);
  if (!result.success) throw new ModelFolderError(file, z.prettifyError(result.error).replaceAll("\n", " "));
  return result.data;
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

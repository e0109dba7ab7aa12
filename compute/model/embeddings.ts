/** The textual inversion embeddings of a model folder: `embeddings/NAME.safetensors`. */

import { fileInfo, readBytes } from "#host/files.ts";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { closest } from "fastest-levenshtein";
import { entriesOf } from "../folder_entries.ts";
import { nth } from "../../elements.ts";
import { quote } from "../../errors.ts";
import type { TextEncoderRole } from "../families/family.ts";
import { FAMILIES } from "../families/registry.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import type { ModelConfig, TextEncoderPart } from "./config.ts";
import { parseSafetensors, type Safetensors } from "./safetensors.ts";

/** A prompt names an embedding that the model's folder does not have. */
export class UnknownEmbeddingError extends Error {
  override readonly name = "UnknownEmbeddingError";
  readonly code = "UNKNOWN_EMBEDDING";

  /** @param nearest The name of the model's that is most like it; undefined if the model has none at all. */
  constructor(readonly embedding: string, model: string, readonly nearest: string | undefined) {
    const hint = nearest === undefined ? "it has none" : `${quote(nearest)} is the nearest`;
    super(`${quote(model)} has no embedding ${quote(embedding)}: ${hint}`);
  }
}

/** A file in `embeddings/` that the model cannot use; the message names it and says why. */
export class EmbeddingFileError extends Error {
  override readonly name = "EmbeddingFileError";
  readonly code = "UNUSABLE_EMBEDDING";

  constructor(readonly embedding: string, readonly reason: string) {
    super(`Cannot use the embedding ${quote(embedding)}: ${reason}`);
  }
}

/** An embedding, read: k vectors for each text encoder. */
export interface Embedding {
  readonly name: string;
  /** k: how many places of a chunk it takes. */
  readonly vectors: number;
  /** [k, D_i] for encoder i. */
  readonly byEncoder: readonly Tensor[];
  /** Changes with the file. */
  readonly state: string;
}

/** A file of the folder, usable or refused with the reason. */
export type EmbeddingEntry =
  | { readonly name: string; readonly vectors: number }
  | { readonly name: string; readonly refused: string };

const FOLDER = "embeddings";
const EXTENSION = ".safetensors";

/** What a prompt can name; see `layout/prompt/tokens.ts`. */
const NAME = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u;

/** 75 vectors of SDXL's two widths in float32 are 0.6 MB; what is much larger is something else. */
const MAX_BYTES = 4 * 2 ** 20;

/** Files whose embeddings are remembered. */
const REMEMBERED = 64;

/** Reads embeddings; one whose file has not changed is read once. The folder is listed again at each call. */
export class EmbeddingFiles {
  readonly #known = new LRUCache<string, Embedding | EmbeddingFileError>({ max: REMEMBERED });

  /** Every file of a model's `embeddings` folder, by name. */
  list(config: ModelConfig): readonly EmbeddingEntry[] {
    return names(config).map((name) => {
      const read = this.#read(config, name);
      return read instanceof EmbeddingFileError ? { name, refused: read.reason } : { name, vectors: read.vectors };
    });
  }

  /**
   * One embedding.
   * @throws {UnknownEmbeddingError} if there is no file of that name.
   * @throws {EmbeddingFileError} if the model cannot use it.
   */
  get(config: ModelConfig, name: string): Embedding {
    const all = names(config);
    if (!all.includes(name)) {
      throw new UnknownEmbeddingError(name, config.name, all.length === 0 ? undefined : closest(name, all));
    }
    const read = this.#read(config, name);
    if (read instanceof EmbeddingFileError) throw read;
    return read;
  }

  /** Where a file of that name lies in a model's folder. */
  pathOf(name: string, modelFolder: string): string | undefined {
    return names({ folder: modelFolder }).includes(name) ? pathIn(modelFolder, name) : undefined;
  }

  #read(config: ModelConfig, name: string): Embedding | EmbeddingFileError {
    const path = pathIn(config.folder, name);
    let state: string;
    try {
      const { time, size } = fileInfo(path);
      state = JSON.stringify([path, time, size, widths(config)]);
    } catch (error) {
      return new EmbeddingFileError(name, `it cannot be read: ${error instanceof Error ? error.name : error}`);
    }
    const read = this.#known.get(state) ?? readEmbedding(config, name, path, state);
    this.#known.set(state, read);
    return read;
  }
}

function pathIn(modelFolder: string, name: string): string {
  return join(modelFolder, FOLDER, `${name}${EXTENSION}`);
}

function names({ folder }: Pick<ModelConfig, "folder">): readonly string[] {
  return entriesOf(join(folder, FOLDER)).map((entry) => entry.name)
    .filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length)).sort();
}

function widths({ textEncoders }: ModelConfig): readonly number[] {
  return textEncoders.map(({ config }) => config.hidden_size);
}

function readEmbedding(config: ModelConfig, name: string, path: string, state: string): Embedding | EmbeddingFileError {
  try {
    if (!NAME.test(name)) throw new SyntaxError("a prompt cannot name it: letters, digits, _, - and single full stops");
    const { size } = fileInfo(path);
    if (size > MAX_BYTES) throw new SyntaxError(`it has ${size} bytes, more than any embedding`);
    const file = parseSafetensors(readBytes(path));
    const byEncoder = keysOf(file, config).map((key, i) => vectorsOf(file, key, nth(config.textEncoders, i)));
    const counts = byEncoder.map((own) => shapeOf(own, 2)[0]);
    const vectors = nth(counts, 0);
    if (counts.some((count) => count !== vectors)) {
      throw new SyntaxError(`its tensors hold ${counts.join(" and ")} vectors, not equally many`);
    }
    return { name, vectors, byEncoder, state };
  } catch (error) {
    return new EmbeddingFileError(name, error instanceof Error ? error.message : String(error));
  }
}

/** Which tensor is for which text encoder: the ones that the family calls its own, or the only one there is. */
function keysOf({ entries }: Safetensors, { family }: ModelConfig): readonly string[] {
  const holds = (keys: readonly string[]) => keys.length > 0 && keys.every((key) => entries.has(key));
  const own = namedKeys(family.textEncoders);
  if (holds(own)) return own;
  const keys = [...entries.keys()];
  const found = keys.slice(0, 4).map(quote).join(", ") || "nothing";
  if (own.length > 0) {
    throw new SyntaxError(`it holds ${found}, and a model of ${family.name} needs ${own.map(quote).join(" and ")}`);
  }
  const other = FAMILIES.find(({ textEncoders }) => holds(namedKeys(textEncoders)));
  if (other !== undefined) throw new SyntaxError(`it is for models of another family, ${other.name}`);
  if (keys.length === 1) return keys;
  throw new SyntaxError(`it holds ${found}, and a model of ${family.name} needs one tensor`);
}

function namedKeys(encoders: readonly TextEncoderRole[]): readonly string[] {
  return encoders.flatMap(({ embeddingKey }) => embeddingKey ?? []);
}

function vectorsOf(file: Safetensors, key: string, { part, config }: TextEncoderPart): Tensor {
  const { dims, data } = file.tensor(key);
  if (dims.length < 1 || dims.length > 2) {
    throw new SyntaxError(`"${key}" has the shape [${dims}], not [vectors, width]`);
  }
  const [count, width] = shapeOf({ dims: dims.length === 1 ? [1, ...dims] : dims }, 2);
  if (width !== config.hidden_size) {
    throw new SyntaxError(
      `its vectors are ${width} wide, those of ${part} ${config.hidden_size}: it is for another model`,
    );
  }
  const most = config.max_position_embeddings - 2;
  if (count < 1 || count > most) throw new SyntaxError(`it has ${count} vectors, and a chunk takes 1 to ${most}`);
  if (!data.every(Number.isFinite)) throw new SyntaxError(`"${key}" holds numbers that are not finite`);
  return { dims: [count, width], data };
}

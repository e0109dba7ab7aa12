/** Which files of a model folder decide what is known of it. */

import { realPath } from "#host/files.ts";
import { filesIn, type FileStates, stampOf } from "./stamps.ts";

/** How deep a model's files lie: data files beside a graph may have a folder of their own. */
const DEPTH = 3;

/** Stamps of a model folder: each stays as it is for as long as the files do that it is for. */
export interface ModelStamps {
  /** Its configs, graphs and weights: what decides which numbers come of tokens. */
  readonly graphs: string;
  /** Its tokenizers. */
  readonly tokenizers: string;
  /** Its embeddings. */
  readonly embeddings: string;
  /** The map that its previews are drawn by. */
  readonly previewMap: string;
  /** What it is judged by before its graphs are read: configs, its own facts, which files there are, all links. */
  readonly folder: string;
}

/** Stamps, with what the look at the files told besides. */
export interface ModelFiles {
  readonly stamps: ModelStamps;
  /** Whether it is a model folder: whether it holds `model_index.json`. */
  readonly isModel: boolean;
  /** Bytes of the graphs and their weights. */
  readonly graphBytes: number;
}

const MODEL_INDEX = "model_index.json";
const CONFIGS = /^(?:model_index\.json|scheduler\/scheduler_config\.json)$/;
const PARTS = /^(?:text_encoder|text_encoder_2|unet|vae_decoder|vae_encoder|taesd_decoder)\//;
const TOKENIZERS = /^tokenizer(?:_2)?\/(?:(?:tokenizer|tokenizer_config|special_tokens_map|vocab)\.json|merges\.txt)$/;
const EMBEDDINGS = /^embeddings\/[^/]*\.safetensors$/;
/** What a model folder calls the map that its previews are drawn by. */
export const PREVIEW_MAP_FILE = "preview_map.json";
const PREVIEW_MAP = /^preview_map\.json$/;
const OWN_FACTS = /^parterre\.json$/;
const GRAPH_FILES = /^[^/]+\/model\.onnx[^/]*$/;

/**
 * The files that a model's pictures depend on, by their paths in its folder with `/`, in code-unit order. Embeddings and
 * LoRAs are not the model's: requests name them.
 */
export function modelFiles(folder: string): readonly string[] {
  const patterns = [CONFIGS, PARTS, TOKENIZERS, OWN_FACTS];
  return [...filesIn(folder, DEPTH).keys()].filter((path) => patterns.some((pattern) => pattern.test(path))).sort();
}

/** Looks at every file of a model folder, and reads none. */
export function lookAtModel(folder: string): ModelFiles {
  const files = filesIn(folder, DEPTH);
  // The folder may be a link as well, to another one whose files have the same times.
  const place = realPathOf(folder);
  const of = (pattern: RegExp) => place + stampOf(files, (path) => pattern.test(path));
  const graphs = place + stampOf(files, (path) => CONFIGS.test(path) || PARTS.test(path));
  const links = stampOf(files, (_, file) => file === null || file.through.length > 0);
  return {
    stamps: {
      graphs,
      tokenizers: of(TOKENIZERS),
      embeddings: of(EMBEDDINGS),
      previewMap: of(PREVIEW_MAP),
      folder: graphs + of(OWN_FACTS) + links,
    },
    isModel: files.has(MODEL_INDEX),
    graphBytes: bytesOf(files, GRAPH_FILES),
  };
}

function bytesOf(files: FileStates, pattern: RegExp): number {
  return [...files].reduce((sum, [path, file]) => pattern.test(path) ? sum + (file?.size ?? 0) : sum, 0);
}

function realPathOf(folder: string): string {
  try {
    return realPath(folder);
  } catch {
    return ""; // gone
  }
}

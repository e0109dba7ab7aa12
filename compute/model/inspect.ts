/** A look into a model's graphs without loading them: whether they can be rewritten, and the memory they will take. */

import { fileInfo } from "#host/files.ts";
import { join } from "node:path";
import { entriesOf } from "../folder_entries.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import { headsAtLevel, type ModelConfig, ModelFolderError, readModelConfig } from "./config.ts";
import { ModelGraphs } from "./model_graphs.ts";
import { lookAtModel } from "./model_stamps.ts";
import { tilesFor } from "./tiles.ts";

/** A model that cannot be loaded; the message says why. */
export class UnusableModelError extends Error {
  override readonly name = "UnusableModelError";
  readonly code = "UNUSABLE_MODEL";
}

/** What the look found. */
export type Inspection =
  | {
    readonly usable: true;
    /** Estimated bytes that the loaded model takes for one picture at native size. */
    readonly memoryBytes: number;
    /** The greatest `clipSkip` that its text encoders have a layer for; 1 where theirs are not found. */
    readonly maxClipSkip: number;
  }
  | { readonly usable: false; readonly refused: string };

/** What a look found, and in which state of the files. */
export interface ModelFacts {
  /** Of the graphs; see `ModelStamps`. */
  readonly stamp: string;
  readonly inspection: Inspection;
}

/** What the look found, with the graphs that it read. */
export type OpenedModel = Extract<Inspection, { usable: false }> | {
  readonly usable: true;
  readonly memoryBytes: number;
  readonly maxClipSkip: number;
  readonly graphs: ModelGraphs;
};

/** Reads every graph of a model folder and rewrites the UNet's, as loading would, without an engine. */
export function inspectModel(folder: string, name: string): Inspection {
  const opened = openModel(folder, name);
  if (!opened.usable) return opened;
  const { graphs: _, ...inspection } = opened; // they stay on this thread
  return inspection;
}

/**
 * The same; the model may then be loaded without reading its graphs again.
 * @param facts Found before: where the files are still the same, none is read before it is loaded.
 */
export function openModel(folder: string, name: string, facts?: ModelFacts): OpenedModel {
  try {
    const { stamps } = lookAtModel(folder);
    const known = facts?.stamp === stamps.graphs ? facts.inspection : undefined;
    if (known?.usable === false) return known;
    const config = readModelConfig(folder, name);
    const graphs = new ModelGraphs(config, stamps.graphs);
    if (known !== undefined) return { ...known, graphs };
    const weights = graphs.look();
    const { maxClipSkip } = graphs;
    return { usable: true, memoryBytes: weights + activationBytes(config), maxClipSkip, graphs };
  } catch (error) {
    if (error instanceof UnsupportedGraphError || error instanceof ModelFolderError) {
      return { usable: false, refused: error.message };
    }
    return {
      usable: false,
      refused: `Cannot read "${join(folder)}": ${error instanceof Error ? error.message : error}`,
    };
  }
}

/** Pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Bytes of the largest activations of a picture that is seen as a whole, of native size by default. */
export function activationBytes(config: ModelConfig, size: Size = nativeOf(config)): number {
  return unetBytes(config, size) + autoencoderBytes(config, size);
}

/**
 * Of the UNet: the scores of self-attention over all tokens of its finest level, twice for their softmax, and a dozen
 * feature maps of the UNet's first width.
 * @param size Of what it sees at once.
 */
export function unetBytes({ unet, vaeFactor }: ModelConfig, { width, height }: Size): number {
  const cells = Math.ceil(width / vaeFactor) * Math.ceil(height / vaeFactor);
  const blocks = unet["down_block_types"];
  const finest = Array.isArray(blocks) ? blocks.findIndex((type) => String(type).startsWith("CrossAttn")) : 0;
  const tokens = cells / 4 ** Math.max(0, finest);
  const heads = headsAtLevel(unet, Math.max(0, finest)) ?? 8;
  const [channels = 320] = unet.block_out_channels;
  return 2 * heads * tokens * tokens * 4 + 12 * channels * cells * 4;
}

/**
 * Of the autoencoder, in either direction: four feature maps of one tile at full resolution, as wide as its second width,
 * and its attention's scores, twice for their softmax. What is larger than a tile has its coarse half computed as a whole,
 * whose four feature maps of the greatest width are counted for all of the picture, and takes the weights once more, which
 * are not counted here.
 * @param size Of the picture.
 */
export function autoencoderBytes(config: ModelConfig, { width, height }: Size): number {
  const { autoencoder: { channels, attends }, vaeFactor, nativeSize } = config;
  const { size } = tilesFor(attends ? "ALL" : "NEIGHBOURS", nativeSize / vaeFactor);
  const across = Math.ceil(width / vaeFactor), down = Math.ceil(height / vaeFactor);
  const tile = Math.min(across, size) * Math.min(down, size);
  const [first = 0, second = first] = channels;
  const maps = 4 * Math.max(first, second) * tile * vaeFactor ** 2 * 4;
  const scores = attends ? 2 * tile * tile * 4 : 0;
  const coarse = attends && tile < across * down ? 4 * Math.max(...channels) * across * down * 4 : 0;
  return maps + scores + coarse;
}

/** Of the weights of the model's `vae_encoder`, as its files have them; 0 where there is none. */
export function encoderBytes({ folder }: ModelConfig): number {
  const path = join(folder, "vae_encoder");
  const inside = entriesOf(path).filter(({ name }) => name.startsWith("model.onnx"));
  return inside.reduce((sum, { name }) => sum + fileInfo(join(path, name)).size, 0);
}

function nativeOf({ nativeSize }: ModelConfig): Size {
  return { width: nativeSize, height: nativeSize };
}

/** A look into a model's graphs without loading them: whether they can be rewritten, and the memory they will take. */

import { join } from "node:path";
import { followSkipConnections } from "../graph/any_size.ts";
import { rewriteCrossAttention } from "../graph/regional_rewrite.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import { headsAtLevel, type ModelConfig, ModelFolderError, readModelConfig } from "./config.ts";
import { readGraph } from "./graph_file.ts";

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
  }
  | { readonly usable: false; readonly refused: string };

/**
 * Reads every graph of a model folder and rewrites the UNet's, as loading would, without an engine.
 * @param folder The model folder.
 */
export function inspectModel(folder: string, name: string): Inspection {
  try {
    const config = readModelConfig(folder, name);
    const parts = [...config.textEncoders.map(({ part }) => part), "unet", "vae_decoder"];
    const weights = parts.reduce((sum, part) => sum + inspectPart(folder, part, config), 0);
    return { usable: true, memoryBytes: weights + activationBytes(config) };
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

/** Bytes of a part's weights in float32, which is what the engine computes with. */
function inspectPart(folder: string, part: string, config: ModelConfig): number {
  const file = readGraph(folder, part);
  const elements = file.graph.initializer.reduce(
    (sum, tensor) => sum + tensor.dims.reduce((product, d) => product * Number(d), 1),
    0,
  );
  if (part === "unet") {
    rewriteCrossAttention(file, { headsAtLevel: (level) => headsAtLevel(config.unet, level) });
    followSkipConnections(file);
  }
  return elements * 4;
}

/**
 * Bytes of the largest activations: the scores of self-attention over all tokens of its finest level, twice for their
 * softmax, and a dozen feature maps of the UNet's first width. For a picture of native size unless told.
 */
export function activationBytes(
  { unet, nativeSize, vaeFactor }: ModelConfig,
  { width, height } = { width: nativeSize, height: nativeSize },
): number {
  const cells = Math.ceil(width / vaeFactor) * Math.ceil(height / vaeFactor);
  const blocks = unet["down_block_types"];
  const finest = Array.isArray(blocks) ? blocks.findIndex((type) => String(type).startsWith("CrossAttn")) : 0;
  const tokens = cells / 4 ** Math.max(0, finest);
  const heads = headsAtLevel(unet, Math.max(0, finest)) ?? 8;
  const [channels = 320] = unet.block_out_channels;
  return 2 * heads * tokens * tokens * 4 + 12 * channels * cells * 4;
}

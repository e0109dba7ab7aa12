/** The rewriting of a stock UNet, from what was read to what an engine loads; without an engine. */

import { TensorProto_DataType } from "onnx-buf";
import { followSkipConnections } from "../graph/any_size.ts";
import { DENSE } from "../graph/dense_attention.ts";
import { elementType, valueInfo } from "../graph/emit.ts";
import { GATHERED } from "../graph/gathered_attention.ts";
import { GraphIndex } from "../graph/graph_index.ts";
import { type HoistedGraph, hoistKeysAndValues } from "../graph/hoist.ts";
import type { OnnxFile } from "../graph/onnx_file.ts";
import { type RegionalRewrite, rewriteCrossAttention } from "../graph/regional_rewrite.ts";
import { splitSelfAttention } from "../graph/split_self_attention.ts";
import { addWordAttention } from "../graph/word_attention.ts";
import type { UsableLora } from "../lora/lora_library.ts";
import type { PlaceLevels } from "../lora/weighted_places.ts";
import { type AddedInputs, findAddedInputs } from "./added_inputs.ts";
import { headsAtLevel, type ModelConfig } from "./config.ts";
import type { AttentionFormName } from "./regional_feeds.ts";

/** Names of inputs that every UNet has. */
export const SAMPLE = "sample";
export const TIMESTEP = "timestep";

/** How a UNet is rewritten. */
export interface UnetOptions {
  /** Names of tensors to give out beside the prediction, for tests that look at a single layer. */
  readonly alsoOutput?: (rewrite: RegionalRewrite, graph: GraphIndex) => readonly string[];
  /**
   * Where keys and values are computed: `inline`, at every step, or `hoisted`, once per conditioning, by a graph of
   * their own. The results are equal; hoisting trades memory for time. Default `hoisted`.
   */
  readonly keysAndValues?: "inline" | "hoisted";
  /** The form of regional attention. The results are equal. Default `gathered`, the faster one. */
  readonly form?: AttentionFormName;
  /** Whether it also gives out where the picture looks at words, see `Unet.look`. It then is slower. */
  readonly wordAttention?: boolean;
}

/** Beside more weights than this, a 4 GiB heap has no room for whole self-attention scores. */
const SPLIT_BYTES = 2 ** 31;
/** Parts that self-attention is then done in. */
const PARTS = 8;

/** A rewritten UNet. */
export interface RegionalUnet {
  /** The graph of one prediction. */
  readonly step: OnnxFile;
  /** The graph of keys and values; null where `step` computes them itself. */
  readonly hoisted: HoistedGraph | null;
  readonly form: AttentionFormName;
  /** Levels on which cross-attention needs weight maps. */
  readonly levels: readonly number[];
  readonly added: AddedInputs;
  /** LoRAs of single regions whose layers are in `step`; none unless set. */
  readonly places?: RegionalPlaces;
}

/** LoRAs of single regions, and the levels on which each takes a map. */
export interface RegionalPlaces {
  readonly loras: readonly UsableLora[];
  readonly levels: PlaceLevels;
}

/**
 * Makes a stock UNet's cross-attention regional.
 * @param file Edited in place.
 * @param config Of the model that the UNet belongs to.
 * @throws {UnsupportedGraphError} if the graph is not a stock export.
 */
export function rewriteUnet(file: OnnxFile, config: ModelConfig, options: UnetOptions = {}): RegionalUnet {
  const { form = "gathered", keysAndValues = "hoisted" } = options;
  const known = [SAMPLE, TIMESTEP, "encoder_hidden_states"];
  const added = findAddedInputs(file.graph.input.map((input) => input.name), known, config);
  const rewrite = rewriteCrossAttention(file, {
    headsAtLevel: (level) => headsAtLevel(config.unet, level),
    form: form === "dense" ? DENSE : GATHERED,
  });
  followSkipConnections(file);
  if (weightBytes(file) > SPLIT_BYTES) splitSelfAttention(file, PARTS);
  const extra = options.alsoOutput?.(rewrite, new GraphIndex(file.graph)) ?? [];
  const type = file.graph.input.filter((input) => input.name === SAMPLE).map(elementType)[0];
  file.graph.output.push(
    ...extra.map((name) => valueInfo(name, type ?? TensorProto_DataType.FLOAT, ["batch", "tokens", "width"])),
  );
  if (options.wordAttention) addWordAttention(file, rewrite);
  const hoisted = keysAndValues === "hoisted" ? hoistKeysAndValues(file, rewrite) : null;
  return { step: file, hoisted, form, levels: rewrite.levels, added };
}

function weightBytes({ bytes, external }: OnnxFile): number {
  return external.reduce((sum, file) => sum + (file.size ?? file.bytes.length), bytes.length);
}

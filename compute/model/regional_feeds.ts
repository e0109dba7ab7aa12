/** A conditioning as the inputs of the rewritten graph, in either form of regional attention. */

import { VALUE_SIGNS } from "../graph/attention_form.ts";
import { DENSE_INPUTS } from "../graph/dense_attention.ts";
import { GATHERED_INPUTS } from "../graph/gathered_attention.ts";
import { CONTEXTS } from "../graph/regional_rewrite.ts";
import type { ContextLora } from "../lora/context_deltas.ts";
import type { Feed } from "../runtime/runtime.ts";
import type { Feeds } from "./key_values.ts";
import { planRows } from "./row_plan.ts";
import { shapeOf, type Tensor } from "../tensor.ts";

/** Regional contexts and weight maps, packed as the rewritten graph takes them. */
export interface RegionalConditioning {
  /** [1, R, T, D] */
  readonly contexts: Tensor;
  /** [1, R, T, 1]: what the values of each token are multiplied by, 1 or -1. */
  readonly valueSigns: Tensor;
  /** [1, R, 1, 1, T]: 0 at a context's own tokens, -infinity at padding. */
  readonly mask: Tensor;
  /** By level, [1, R, 1, N, 1]. */
  readonly weights: ReadonlyMap<number, Tensor>;
  /** Further inputs by name, as `AddedInputs` asks for them. */
  readonly added: ReadonlyMap<string, Tensor>;
  /** LoRAs of single contexts, each with R weights. */
  readonly loras: readonly ContextLora[];
}

/** Form 1, dense, or form 2, gathered. */
export type AttentionFormName = "dense" | "gathered";

/** How many query rows a conditioning costs on one level, beside what form 1 would compute. */
export interface AttentionCost {
  readonly level: number;
  /** Query rows times places that are computed. */
  readonly computed: number;
  /** Regions times image tokens: what form 1 computes. */
  readonly dense: number;
}

/** The regional inputs of a conditioning, and what they cost. */
export interface RegionalFeeds {
  readonly feeds: Feeds;
  readonly cost: readonly AttentionCost[];
}

/** Inputs of form 1. */
export function denseFeeds({ contexts, valueSigns, mask, weights }: RegionalConditioning): RegionalFeeds {
  const feeds: Record<string, Feed> = { [CONTEXTS]: contexts, [VALUE_SIGNS]: valueSigns, [DENSE_INPUTS.mask]: mask };
  const cost: AttentionCost[] = [];
  for (const [level, maps] of weights) {
    feeds[DENSE_INPUTS.weights(level)] = maps;
    cost.push({ level, computed: maps.data.length, dense: maps.data.length });
  }
  return { feeds, cost };
}

/** Inputs of form 2: for each level, the rows that its weight maps call for. */
export function gatheredFeeds({ contexts, valueSigns, mask, weights }: RegionalConditioning): RegionalFeeds {
  const [, count, length, width] = shapeOf(contexts, 4);
  const feeds: Record<string, Feed> = {
    [CONTEXTS]: { dims: [count, length, width], data: contexts.data },
    [VALUE_SIGNS]: { dims: [count, length, 1], data: valueSigns.data },
  };
  const cost: AttentionCost[] = [];
  for (const [level, { data }] of weights) {
    const cells = data.length / count;
    const { rowCount, places, most, rows, tokens, gain, back } = planRows({ count, cells, data });
    feeds[GATHERED_INPUTS.rows(level)] = { dims: [rowCount], data: rows };
    feeds[GATHERED_INPUTS.tokens(level)] = { dims: [rowCount, places], data: tokens };
    feeds[GATHERED_INPUTS.gain(level)] = { dims: [rowCount, 1, places, 1], data: gain };
    feeds[GATHERED_INPUTS.mask(level)] = { dims: [rowCount, 1, 1, length], data: maskOfRows(rows, mask.data, length) };
    feeds[GATHERED_INPUTS.back(level)] = { dims: [cells, most], data: back };
    cost.push({ level, computed: rowCount * places, dense: data.length });
  }
  return { feeds, cost };
}

function maskOfRows(rows: Int32Array, mask: Float32Array, length: number): Float32Array {
  const data = new Float32Array(rows.length * length);
  rows.forEach((region, k) => data.set(mask.subarray(region * length, (region + 1) * length), k * length));
  return data;
}

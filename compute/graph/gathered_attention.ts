/**
 * Regional attention, form 2: queries are gathered into rows, each row belongs to one region and holds P image tokens
 * where that region has weight.
 *
 *     Q_k = Q[tokens_k]                    [K, H, P, d]     K_k, V_k = those of the row's region   [K, H, d, T], [K, H, T, d]
 *     A_k = softmax(Q_k K_k / sqrt(d) + mask_k) V_k * gain_k     gain = W_r at the tokens, 0 in padding
 *     O   = sum over m of A[back]          for each token the rows that hold it
 *
 * Softmax is row-wise, so leaving out tokens without weight changes nothing: the numbers are those of form 1. The cost
 * follows the covered area, K * P * T, not the number of regions.
 */

import { TensorProto_DataType } from "onnx-buf";
import { type AttentionForm, VALUE_SIGNS } from "./attention_form.ts";
import type { CrossAttention } from "./cross_attention.ts";
import { valueInfo } from "./emit.ts";
import { LayerEmitter } from "./layer_emitter.ts";

/** Names of the inputs of form 2 by level, beside the contexts. Indexes are int32. */
export const GATHERED_INPUTS = {
  /** [K]: the region of each row. */
  rows: (level: number): string => `regional_rows_${level}`,
  /** [K, P]: token numbers, 0 in padding. */
  tokens: (level: number): string => `regional_tokens_${level}`,
  /** [K, 1, P, 1]: weights at the tokens, 0 in padding. */
  gain: (level: number): string => `regional_gain_${level}`,
  /** [K, 1, 1, T]: 0 at the tokens of the row's context, -infinity at padding. */
  mask: (level: number): string => `regional_row_mask_${level}`,
  /** [N, m]: for each image token, places in the K * P rows; surplus places point at padding. */
  back: (level: number): string => `regional_back_${level}`,
} as const;

/** Form 2. Contexts are [R, T, D]; the batch is 1. */
export const GATHERED: AttentionForm = {
  inputs: (levels, type) => [
    valueInfo("regional_contexts", type, ["regions", "tokens", "width"]),
    valueInfo(VALUE_SIGNS, type, ["regions", "tokens", 1]),
    ...levels.flatMap((l) => [
      valueInfo(GATHERED_INPUTS.rows(l), TensorProto_DataType.INT32, [`rows_${l}`]),
      valueInfo(GATHERED_INPUTS.tokens(l), TensorProto_DataType.INT32, [`rows_${l}`, `places_${l}`]),
      valueInfo(GATHERED_INPUTS.gain(l), type, [`rows_${l}`, 1, `places_${l}`, 1]),
      valueInfo(GATHERED_INPUTS.mask(l), type, [`rows_${l}`, 1, 1, "tokens"]),
      valueInfo(GATHERED_INPUTS.back(l), TensorProto_DataType.INT32, [`cells_${l}`, `most_${l}`]),
    ]),
  ],
  keyShape: ({ heads, width }) => ["regions", heads, width / heads, "tokens"],
  valueShape: ({ heads, width }) => ["regions", heads, "tokens", width / heads],
  layer: gatheredLayer,
};

function gatheredLayer(layer: CrossAttention, prefix: string, type: TensorProto_DataType): LayerEmitter {
  const e = new LayerEmitter(prefix);
  const { heads, width, level } = layer;
  const headWidth = width / heads;

  const contextShape = e.integers("context_shape", [0, 0, heads, headWidth]);
  const keyHeads = e.node("key_heads", "Reshape", [layer.keyProjection.output[0] ?? "", contextShape]);
  const keyOfRegion = e.node("key_of_region", "Transpose", [keyHeads], { perm: [0, 2, 3, 1] });
  // The scale goes with the keys, which may be computed once for all steps.
  const key = e.node("key", "Mul", [keyOfRegion, e.scalar("scale", type, 1 / Math.sqrt(headWidth))]);
  const signed = e.node("value_signed", "Mul", [layer.valueProjection.output[0] ?? "", VALUE_SIGNS]);
  const valueHeads = e.node("value_heads", "Reshape", [signed, contextShape]);
  const value = e.node("value", "Transpose", [valueHeads], { perm: [0, 2, 1, 3] });
  // Rows are not the contexts' own: windows of one picture share keys and values, and have each their rows.
  const keyRows = e.node("key_rows", "Gather", [key, GATHERED_INPUTS.rows(level)], { axis: 0 });
  const valueRows = e.node("value_rows", "Gather", [value, GATHERED_INPUTS.rows(level)], { axis: 0 });

  const queryHeads = e.node("query_heads", "Reshape", [
    layer.query,
    e.integers("query_shape", [-1, heads, headWidth]),
  ]);
  const queryRows = e.node("query_rows", "Gather", [queryHeads, GATHERED_INPUTS.tokens(level)], { axis: 0 });
  const query = e.node("query", "Transpose", [queryRows], { perm: [0, 2, 1, 3] });

  const scores = e.node("scores", "MatMul", [query, keyRows]);
  const masked = e.node("masked", "Add", [scores, GATHERED_INPUTS.mask(level)]);
  const attention = e.node("attention", "Softmax", [masked], { axis: -1 });
  const attended = e.node("attended", "MatMul", [attention, valueRows]);
  const weighted = e.node("weighted", "Mul", [attended, GATHERED_INPUTS.gain(level)]);
  const places = e.node("places", "Transpose", [weighted], { perm: [0, 2, 1, 3] });
  const flat = e.node("flat", "Reshape", [places, e.integers("flat_shape", [-1, width])]);
  const found = e.node("found", "Gather", [flat, GATHERED_INPUTS.back(level)], { axis: 0 });
  const fused = e.node("fused", "ReduceSum", [found, e.integers("place_axis", [1])], { keepdims: 0 });
  e.node("merged", "Unsqueeze", [fused, e.integers("batch_axis", [0])]);
  return e;
}

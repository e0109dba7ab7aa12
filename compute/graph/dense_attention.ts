/**
 * Regional attention, form 1: every region's softmax over every image token, then a weighted sum.
 *
 *     Q = (X W_q) / sqrt(d)   [B, 1, H, N, d]     K_r = C_r W_k  [B, R, H, d, T]     V_r = s_r C_r W_v  [B, R, H, T, d]
 *     A_r = softmax(Q K_r + mask_r) V_r           one softmax per region, over its own tokens
 *     O   = sum_r W_r,l * A_r                     then the stock output projection
 *
 * Where W_r is 0 a region contributes exactly 0, so tokens outside a region do not depend on its context in any bit.
 * The cost grows with the number of regions; form 2, in `gathered_attention.ts`, gives the same numbers for less.
 */

import type { TensorProto_DataType } from "onnx-buf";
import type { CrossAttention } from "./cross_attention.ts";
import { valueInfo } from "./emit.ts";
import { LayerEmitter } from "./layer_emitter.ts";
import { type AttentionForm, VALUE_SIGNS } from "./attention_form.ts";

/** Names of the inputs of form 1, beside the contexts. */
export const DENSE_INPUTS = {
  /** [B, R, 1, 1, T]: 0 at a context's own tokens, -infinity at padding. */
  mask: "regional_mask",
  /** [B, R, 1, N, 1]: weight maps of a level, N = its cells in row-major order. */
  weights: (level: number): string => `regional_weights_${level}`,
} as const;

/** Form 1. Contexts are [B, R, T, D], shorter ones padded with any finite numbers. */
export const DENSE: AttentionForm = {
  inputs: (levels, type) => [
    valueInfo("regional_contexts", type, ["batch", "regions", "tokens", "width"]),
    valueInfo(VALUE_SIGNS, type, ["batch", "regions", "tokens", 1]),
    valueInfo(DENSE_INPUTS.mask, type, ["batch", "regions", 1, 1, "tokens"]),
    ...levels.map((l) => valueInfo(DENSE_INPUTS.weights(l), type, ["batch", "regions", 1, `cells_${l}`, 1])),
  ],
  keyShape: ({ heads, width }) => ["batch", "regions", heads, width / heads, "tokens"],
  valueShape: ({ heads, width }) => ["batch", "regions", heads, "tokens", width / heads],
  layer: denseLayer,
};

function denseLayer(layer: CrossAttention, prefix: string, type: TensorProto_DataType): LayerEmitter {
  const e = new LayerEmitter(prefix);
  const headWidth = layer.width / layer.heads;

  // In a Reshape target, 0 keeps the dimension and -1 takes what is left.
  const queryShape = e.integers("query_shape", [0, 1, -1, layer.heads, headWidth]);
  const queryHeads = e.node("query_heads", "Reshape", [layer.query, queryShape]);
  const query = e.node("query", "Transpose", [queryHeads], { perm: [0, 1, 3, 2, 4] });
  const scaled = e.node("query_scaled", "Mul", [query, e.scalar("scale", type, 1 / Math.sqrt(headWidth))]);

  const contextShape = e.integers("context_shape", [0, 0, 0, layer.heads, headWidth]);
  const keyHeads = e.node("key_heads", "Reshape", [layer.keyProjection.output[0] ?? "", contextShape]);
  const key = e.node("key", "Transpose", [keyHeads], { perm: [0, 1, 3, 4, 2] });
  const signed = e.node("value_signed", "Mul", [layer.valueProjection.output[0] ?? "", VALUE_SIGNS]);
  const valueHeads = e.node("value_heads", "Reshape", [signed, contextShape]);
  const value = e.node("value", "Transpose", [valueHeads], { perm: [0, 1, 3, 2, 4] });

  const scores = e.node("scores", "MatMul", [scaled, key]);
  const masked = e.node("masked", "Add", [scores, DENSE_INPUTS.mask]);
  const attention = e.node("attention", "Softmax", [masked], { axis: -1 });
  const attended = e.node("attended", "MatMul", [attention, value]);
  const weighted = e.node("weighted", "Mul", [attended, DENSE_INPUTS.weights(layer.level)]);
  const fused = e.node("fused", "ReduceSum", [weighted, e.integers("region_axis", [1])], { keepdims: 0 });
  const tokens = e.node("tokens", "Transpose", [fused], { perm: [0, 2, 1, 3] });
  e.node("merged", "Reshape", [tokens, e.integers("merged_shape", [0, 0, layer.width])]);
  return e;
}

/**
 * Giving out how much each place looks at chosen tokens of one context, beside the prediction itself.
 *
 *     P_j = softmax(Q_j (C W_k,j)^T / sqrt(d))                     [H, N, T]   layer j, N places, T tokens
 *     A_l = mean over heads and the layers j of level l of P_j S   [N, W]      S [T, W]: a column for each word
 *
 * The context is one of its own: it need not be among those that are painted with, and has weight in every place. Queries
 * are those of the prediction. What the layers themselves compute stays as it is.
 */

import type { NodeProto, TensorProto, TensorProto_DataType } from "onnx-buf";
import type { CrossAttention } from "./cross_attention.ts";
import { elementType, valueInfo } from "./emit.ts";
import { LayerEmitter } from "./layer_emitter.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { CONTEXTS, type RegionalRewrite } from "./regional_rewrite.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** The inputs that such a graph has beside those of its form. */
export const WORD_INPUTS = {
  /** C [T, D]: the context whose tokens are looked for. */
  context: "word_context",
  /** S [T, W]: for each word a column, which is 0 but at its tokens. */
  tokens: "word_tokens",
} as const;

/** The output of a level, A_l [N, W]. */
export function wordAttentionOf(level: number): string {
  return `word_attention_${level}`;
}

/**
 * Adds an output for every level that has cross-attention. Before keys and values are hoisted.
 * @param file Edited in place.
 * @param rewrite What {@link rewriteCrossAttention} did to `file`.
 */
export function addWordAttention({ graph }: OnnxFile, { layers, levels }: RegionalRewrite): void {
  const contexts = graph.input.find((input) => input.name === CONTEXTS);
  const type: TensorProto_DataType | undefined = contexts && elementType(contexts);
  if (type === undefined) throw new UnsupportedGraphError(`it has no input "${CONTEXTS}"`);
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  for (const level of levels) {
    const e = new LayerEmitter(`words.${level}`);
    const own = layers.filter((layer) => layer.level === level);
    const sums = own.map((layer, i) => sumOverHeads(layer, `layer_${i}`, type, e));
    const sum = e.node("sum", "Sum", sums);
    const heads = own.reduce((all, layer) => all + layer.heads, 0);
    e.node("mean", "Mul", [sum, e.scalar("share", type, 1 / heads)]);
    const mean = e.nodes.at(-1);
    if (mean !== undefined) mean.output = [wordAttentionOf(level)];
    nodes.push(...e.nodes);
    initializers.push(...e.initializers);
  }
  graph.node.push(...nodes);
  graph.initializer.push(...initializers);
  graph.input.push(
    valueInfo(WORD_INPUTS.context, type, ["word_context_tokens", "word_context_width"]),
    valueInfo(WORD_INPUTS.tokens, type, ["word_context_tokens", "words"]),
  );
  graph.output.push(...levels.map((level) => valueInfo(wordAttentionOf(level), type, [`places_${level}`, "words"])));
}

/** Marks a node as one of another node's layer, so that what changes the layer's weights changes them here too. */
function belongTo({ name, metadataProps }: NodeProto, node: NodeProto | undefined): void {
  if (node === undefined) return;
  if (name.includes("/")) node.name = name.replace(/[^/]*$/, "words");
  node.metadataProps = [...metadataProps];
}

/** Sum over the heads of P_j S, [N, W]. */
function sumOverHeads(layer: CrossAttention, part: string, type: TensorProto_DataType, e: LayerEmitter): string {
  const { heads, width, query, keyProjection } = layer;
  const headWidth = width / heads;
  const split = e.integers(`${part}_split`, [-1, heads, headWidth]);
  const projected = e.node(`${part}_keys`, "MatMul", [WORD_INPUTS.context, keyProjection.input[1] ?? ""]);
  belongTo(keyProjection, e.nodes.at(-1));
  const keyHeads = e.node(`${part}_key_heads`, "Reshape", [projected, split]);
  const key = e.node(`${part}_key`, "Transpose", [keyHeads], { perm: [1, 2, 0] });
  // The scale goes with the keys, as in the layers themselves: float16 scores stay small.
  const scaled = e.node(`${part}_scaled`, "Mul", [key, e.scalar(`${part}_scale`, type, 1 / Math.sqrt(headWidth))]);
  const queryHeads = e.node(`${part}_query_heads`, "Reshape", [query, split]);
  const queries = e.node(`${part}_query`, "Transpose", [queryHeads], { perm: [1, 0, 2] });
  const scores = e.node(`${part}_scores`, "MatMul", [queries, scaled]);
  const attention = e.node(`${part}_attention`, "Softmax", [scores], { axis: -1 });
  const words = e.node(`${part}_words`, "MatMul", [attention, WORD_INPUTS.tokens]);
  return e.node(`${part}_sum`, "ReduceSum", [words, e.integers(`${part}_head_axis`, [0])], { keepdims: 0 });
}

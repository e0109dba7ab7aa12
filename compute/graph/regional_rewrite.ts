/**
 * The cross-attention rewrite, form 1: every cross-attention of a stock UNet becomes a regional one.
 *
 * Per layer, with R contexts of up to T tokens, H heads of width d and N image tokens on level l:
 *
 *     Q = (X W_q) / sqrt(d)   [B, 1, H, N, d]     K_r = C_r W_k  [B, R, H, d, T]     V_r = C_r W_v  [B, R, H, T, d]
 *     A_r = softmax(Q K_r + mask_r) V_r           one softmax per region, over its own tokens
 *     O   = sum_r W_r,l * A_r                     then the stock output projection
 *
 * Where W_r is 0 a region contributes exactly 0, so tokens outside a region do not depend on its context in any bit.
 */

import { type NodeProto, type TensorProto, TensorProto_DataType } from "onnx-buf";
import { type CrossAttention, findCrossAttention } from "./cross_attention.ts";
import { elementType, integers, node, scalar, valueInfo } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import { type OnnxFile, opset } from "./onnx_file.ts";
import { prune } from "./prune.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** Names of the inputs that replace `encoder_hidden_states`, all of its element type. */
export const REGIONAL_INPUTS = {
  /** [B, R, T, D]: contexts, shorter ones padded with any finite numbers. */
  contexts: "regional_contexts",
  /** [B, R, 1, 1, T]: 0 at a context's own tokens, -infinity at padding. */
  mask: "regional_mask",
  /** [B, R, 1, N, 1]: weight maps of a level, N = its cells in row-major order. */
  weights: (level: number): string => `regional_weights_${level}`,
} as const;

/** The tensor of layer `i`'s keys [B, R, H, d, T] in a rewritten graph. */
export function keysOf(i: number): string {
  return `${prefixOf(i)}/key`;
}

/** The tensor of layer `i`'s values [B, R, H, T, d]. */
export function valuesOf(i: number): string {
  return `${prefixOf(i)}/value`;
}

function prefixOf(i: number): string {
  return `regional.${i}`;
}

/** What the rewrite did, and what the caller must feed. */
export interface RegionalRewrite {
  /** Cross-attention layers, in graph order. */
  readonly layers: readonly CrossAttention[];
  /** Levels that need weight maps, ascending. */
  readonly levels: readonly number[];
}

/** How the rewrite learns what the graph does not say. */
export interface RegionalRewriteOptions {
  /** Number of heads on a level, from `config.json`. */
  readonly headsAtLevel: (level: number) => number | undefined;
}

const SAMPLE = "sample";
const CONTEXT = "encoder_hidden_states";

/**
 * Rewrites `file.graph` in place.
 * @throws {UnsupportedGraphError} if the graph is not a stock text-conditioned UNet.
 */
export function rewriteCrossAttention(file: OnnxFile, options: RegionalRewriteOptions): RegionalRewrite {
  const { graph } = file;
  // Softmax over the last axis alone, and axes as inputs, begin with operator set 13.
  if (opset(file) < 13) throw new UnsupportedGraphError(`operator set ${opset(file)} is older than 13`);
  const context = graph.input.find((input) => input.name === CONTEXT);
  const type = context && elementType(context);
  if (type !== TensorProto_DataType.FLOAT && type !== TensorProto_DataType.FLOAT16) {
    throw new UnsupportedGraphError(`it has no float input "${CONTEXT}"`);
  }

  prune(graph); // exporters leave dead nodes behind that would count as readers
  const index = new GraphIndex(graph);
  const layers = findCrossAttention(index, { sample: SAMPLE, context: CONTEXT, headsAtLevel: options.headsAtLevel });
  const levels = [...new Set(layers.map((layer) => layer.level))].sort((a, b) => a - b);

  const before = new Map<NodeProto, readonly NodeProto[]>();
  layers.forEach((layer, i) => {
    const { nodes, initializers, output } = regionalLayer(layer, prefixOf(i), type);
    graph.initializer.push(...initializers);
    layer.keyProjection.input[0] = REGIONAL_INPUTS.contexts;
    layer.valueProjection.input[0] = REGIONAL_INPUTS.contexts;
    layer.outputProjection.input[0] = output;
    before.set(layer.outputProjection, nodes);
  });
  graph.node = graph.node.flatMap((n) => [...(before.get(n) ?? []), n]);

  graph.valueInfo = []; // exporters' notes on shapes, which no longer hold
  graph.input = graph.input.filter((input) => input.name !== CONTEXT).concat(
    valueInfo(REGIONAL_INPUTS.contexts, type, ["batch", "regions", "tokens", "width"]),
    valueInfo(REGIONAL_INPUTS.mask, type, ["batch", "regions", 1, 1, "tokens"]),
    levels.map((l) => valueInfo(REGIONAL_INPUTS.weights(l), type, ["batch", "regions", 1, `cells_${l}`, 1])),
  );
  prune(graph);
  const leftover = graph.node.find((n) => n.input.includes(CONTEXT));
  if (leftover !== undefined) {
    throw new UnsupportedGraphError(`${leftover.opType} "${leftover.name}" reads "${CONTEXT}" outside cross-attention`);
  }
  return { layers, levels };
}

interface Emitted {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  /** Tensor [B, N, C] that the output projection reads. */
  readonly output: string;
}

function regionalLayer(layer: CrossAttention, prefix: string, type: TensorProto_DataType): Emitted {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const name = (part: string) => `${prefix}/${part}`;
  const emit = (part: string, op: string, inputs: string[], attributes: Record<string, number | number[]> = {}) => {
    nodes.push(node(op, inputs, [name(part)], attributes));
    return name(part);
  };
  const shape = (part: string, values: number[]) => {
    initializers.push(integers(name(part), values));
    return name(part);
  };
  const headWidth = layer.width / layer.heads;
  initializers.push(scalar(name("scale"), type, 1 / Math.sqrt(headWidth)));
  const regionAxis = shape("region_axis", [1]);

  // In a Reshape target, 0 keeps the dimension and -1 takes what is left.
  const queryHeads = emit("query_heads", "Reshape", [
    layer.query,
    shape("query_shape", [0, 1, -1, layer.heads, headWidth]),
  ]);
  const query = emit("query", "Transpose", [queryHeads], { perm: [0, 1, 3, 2, 4] });
  const scaled = emit("query_scaled", "Mul", [query, name("scale")]);

  const contextShape = shape("context_shape", [0, 0, 0, layer.heads, headWidth]);
  const keyHeads = emit("key_heads", "Reshape", [output(layer.keyProjection), contextShape]);
  const key = emit("key", "Transpose", [keyHeads], { perm: [0, 1, 3, 4, 2] });
  const valueHeads = emit("value_heads", "Reshape", [output(layer.valueProjection), contextShape]);
  const value = emit("value", "Transpose", [valueHeads], { perm: [0, 1, 3, 2, 4] });

  const scores = emit("scores", "MatMul", [scaled, key]);
  const masked = emit("masked", "Add", [scores, REGIONAL_INPUTS.mask]);
  const attention = emit("attention", "Softmax", [masked], { axis: -1 });
  const attended = emit("attended", "MatMul", [attention, value]);
  const weighted = emit("weighted", "Mul", [attended, REGIONAL_INPUTS.weights(layer.level)]);
  const fused = emit("fused", "ReduceSum", [weighted, regionAxis], { keepdims: 0 });
  const tokens = emit("tokens", "Transpose", [fused], { perm: [0, 2, 1, 3] });
  const merged = emit("merged", "Reshape", [tokens, shape("merged_shape", [0, 0, layer.width])]);
  return { nodes, initializers, output: merged };
}

function output(node: NodeProto): string {
  return node.output[0] ?? "";
}

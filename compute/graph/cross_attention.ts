/**
 * Finding every cross-attention (attn2) of a UNet by topology, in whichever form the exporter wrote it.
 *
 * All stock forms share one skeleton: two MatMuls read the text context (K and V); K meets Q in a MatMul, its softmax
 * meets V in another (or one `Attention` node does both); the result, heads merged, enters the output projection.
 */

import type { NodeProto } from "onnx-buf";
import { carries, type GraphIndex } from "./graph_index.ts";
import { tensorLevels } from "./levels.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** One cross-attention layer: the tensors and nodes between which a new subgraph can stand. */
export interface CrossAttention {
  /** The output projection's node name, for messages; exporters differ in what it says. */
  readonly name: string;
  /** Tensor [B, N, C]: queries after their projection, before heads are split. */
  readonly query: string;
  /** MatMul of the context with W_k; its first input is the context [B, T, D]. */
  readonly keyProjection: NodeProto;
  /** MatMul of the context with W_v. */
  readonly valueProjection: NodeProto;
  /** MatMul with W_o; its first input is the attended tokens [B, N, C], heads merged. */
  readonly outputProjection: NodeProto;
  /** Number of heads H; each is C / H wide. */
  readonly heads: number;
  /** Channels C of queries, keys and values. */
  readonly width: number;
  /** Resolution level: 0 is the latent grid. */
  readonly level: number;
}

/** What the search needs to know about the graph. */
export interface CrossAttentionSearch {
  /** The graph input with the latents. */
  readonly sample: string;
  /** The graph input with the text context. */
  readonly context: string;
  /** Number of heads on a level, from the model's config, for graphs that do not spell it out. */
  readonly headsAtLevel: (level: number) => number | undefined;
}

/** Operators that replace the projections or the attention of a stock export: nothing is left to take apart. */
const FUSED = [
  "DynamicQuantizeMatMul",
  "FusedMatMul",
  "GroupQueryAttention",
  "MatMulInteger",
  "MatMulIntegerToFloat",
  "MatMulNBits",
  "MultiHeadAttention",
  "PackedMultiHeadAttention",
  "QLinearMatMul",
];

/** Operators of graphs that were optimized for one kind of device; others have no kernel for them. */
const DEVICE_BOUND = ["BiasAdd", "BiasSplitGelu", "GroupNorm", "NhwcConv", "SkipGroupNorm"];

const ADVICE =
  "export the model again without fusion or quantisation: optimum-cli export onnx --model MODEL --task text-to-image FOLDER";

/**
 * All cross-attention layers, in graph order.
 * @throws {UnsupportedGraphError} if the graph is fused or quantised, or holds a context projection that is no
 *   recognisable half of a cross-attention; the message names the operator found.
 */
export function findCrossAttention(index: GraphIndex, search: CrossAttentionSearch): readonly CrossAttention[] {
  const levels = tensorLevels(index.graph, search.sample);
  const projections = index.aliases(search.context).flatMap((name) =>
    index.consumers(name).filter((node) => node.opType === "MatMul" && node.input[0] === name)
  );
  const fused = index.graph.node.find(({ domain, opType }) =>
    DEVICE_BOUND.includes(opType) || (domain === "com.microsoft" && opType === "Attention") ||
    (projections.length === 0 && (domain === "com.microsoft" || FUSED.includes(opType)))
  );
  if (fused !== undefined) {
    throw new UnsupportedGraphError(`it holds the fused operator ${fused.opType} ("${fused.name}"); ${ADVICE}`);
  }
  if (projections.length === 0) {
    throw new UnsupportedGraphError(`no MatMul reads the input "${search.context}"; ${ADVICE}`);
  }

  const keys = new Map<NodeProto, NodeProto>(); // the attending node (QK MatMul or Attention) -> K projection
  const values = new Map<NodeProto, NodeProto>(); // the attending node (AV MatMul or Attention) -> V projection
  for (const projection of projections) {
    const { node, input } = meeting(index, projection);
    const isKey = node.opType === "Attention" ? input === 1 : !leadsFromSoftmax(index, node.input[0] ?? "");
    (isKey ? keys : values).set(node, projection);
  }

  const layers: CrossAttention[] = [];
  for (const [scores, keyProjection] of keys) {
    const attended = scores.opType === "Attention" ? scores : softmaxed(index, scores);
    const valueProjection = values.get(attended);
    if (valueProjection === undefined) {
      throw new UnsupportedGraphError(`the attention at "${scores.name}" has a key from the context, but no value`);
    }
    const { query, shape } = queryOf(index, scores);
    const outputProjection = outputOf(index, attended);
    const level = levels.get(query);
    if (level === undefined) {
      throw new UnsupportedGraphError(`the queries of "${scores.name}" do not come from "${search.sample}"`);
    }
    const heads = headsOf(index, shape) ?? search.headsAtLevel(level);
    if (heads === undefined) {
      throw new UnsupportedGraphError(
        `the number of heads of "${outputProjection.name}" is neither in the graph nor in config.json`,
      );
    }
    const width = index.matrixShape(keyProjection.input[1] ?? "")?.[1];
    if (width === undefined || width % heads !== 0) {
      throw new UnsupportedGraphError(
        `the key weights of "${outputProjection.name}" are not a stored matrix of ${heads} heads; ${ADVICE}`,
      );
    }
    layers.push({
      name: outputProjection.name,
      query,
      keyProjection,
      valueProjection,
      outputProjection,
      heads,
      width,
      level,
    });
  }
  if (layers.length * 2 !== projections.length) {
    throw new UnsupportedGraphError(
      `${projections.length} context projections make ${layers.length} attentions, not half as many`,
    );
  }
  return layers.sort((a, b) => index.position(a.outputProjection) - index.position(b.outputProjection));
}

/** Follows a projection forward to the MatMul or Attention where it meets its counterpart. */
function meeting(index: GraphIndex, projection: NodeProto): { node: NodeProto; input: number } {
  let tensor = projection.output[0] ?? "";
  for (;;) {
    const readers = index.dataReaders(tensor);
    const [reader] = readers;
    if (reader === undefined || readers.length > 1) {
      throw new UnsupportedGraphError(
        `the context projection "${projection.name}" has ${readers.length} readers, expected one`,
      );
    }
    if (reader.opType === "MatMul" || reader.opType === "Attention") {
      return { node: reader, input: reader.input.indexOf(tensor) };
    }
    if (!carries(reader)) {
      throw new UnsupportedGraphError(
        `the context projection "${projection.name}" enters ${reader.opType} "${reader.name}"; ${ADVICE}`,
      );
    }
    tensor = reader.output[0] ?? "";
  }
}

function leadsFromSoftmax(index: GraphIndex, tensor: string): boolean {
  for (let node = index.producer(tensor); node !== undefined; node = index.producer(node.input[0] ?? "")) {
    if (node.opType === "Softmax") return true;
    if (!carries(node)) return false;
  }
  return false;
}

/** From the scores (Q times K) forward through scaling, masking and softmax to the MatMul with V. */
function softmaxed(index: GraphIndex, scores: NodeProto): NodeProto {
  let node = scores;
  for (;;) {
    const [next] = index.dataReaders(node.output[0] ?? "");
    if (next === undefined) throw new UnsupportedGraphError(`the scores "${scores.name}" lead nowhere`);
    if (next.opType === "MatMul") return next;
    if (!carries(next) && next.opType !== "Softmax" && next.opType !== "Add") {
      throw new UnsupportedGraphError(`the scores "${scores.name}" enter ${next.opType} "${next.name}"; ${ADVICE}`);
    }
    node = next;
  }
}

/** Back from the attending node to the query projection; `shape` is the shape input of the Reshape that splits heads. */
function queryOf(index: GraphIndex, scores: NodeProto): { query: string; shape: string | undefined } {
  let tensor = scores.input[0] ?? "";
  let query: string | undefined;
  let shape: string | undefined;
  for (let node = index.producer(tensor); node !== undefined && carries(node); node = index.producer(tensor)) {
    tensor = node.input[0] ?? "";
    if (node.opType === "Reshape") {
      query = tensor;
      shape = node.input[1];
    }
  }
  if (query === undefined) throw new UnsupportedGraphError(`the queries of "${scores.name}" are not split into heads`);
  return { query, shape };
}

/** Forward from the attended values, through merging of the heads, to the output projection. */
function outputOf(index: GraphIndex, attended: NodeProto): NodeProto {
  let node = attended;
  for (;;) {
    const [next] = index.dataReaders(node.output[0] ?? "");
    if (next === undefined) throw new UnsupportedGraphError(`the attention "${attended.name}" leads nowhere`);
    if (next.opType === "MatMul") return next;
    if (!carries(next)) {
      throw new UnsupportedGraphError(
        `the attention "${attended.name}" enters ${next.opType} "${next.name}"; ${ADVICE}`,
      );
    }
    node = next;
  }
}

/** Heads from the constant part of the Reshape target [B, N, H, d]. */
function headsOf(index: GraphIndex, shape: string | undefined): number | undefined {
  const target = shape === undefined ? undefined : index.integers(shape);
  const heads = target?.length === 4 ? target[2] : undefined;
  return heads !== undefined && heads > 0 ? heads : undefined;
}

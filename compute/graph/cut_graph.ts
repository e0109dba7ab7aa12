/** Cutting a graph in two at one tensor, so that its halves run one after the other. */

import { type NodeProto, TensorProto_DataType } from "onnx-buf";
import { elementType, valueInfo } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { prune } from "./prune.ts";

/** The halves of a graph; both point into the same weights. */
export interface CutGraph {
  /** Gives out the tensor that it was cut at. */
  readonly before: OnnxFile;
  /** Takes that tensor. */
  readonly after: OnnxFile;
  readonly tensor: string;
  /** How many channels it has. */
  readonly channels: number;
}

/**
 * Cuts an autoencoder where its latents' resolution ends: a decoder before it first enlarges, an encoder after it last
 * reduces. `file` is left as it is.
 * @returns Undefined where that is not one tensor through which everything goes, or the graph is not one of float32.
 */
export function cutAtLatents(file: OnnxFile): CutGraph | undefined {
  const { graph } = file;
  const index = new GraphIndex(graph);
  const first = graph.node.find(({ opType }) => opType === "Resize");
  const last = graph.node.findLast((node) => node.opType === "Conv" && strides(node).some((stride) => stride > 1));
  const tensor = first?.input[0] ?? last?.output[0];
  const channels = channelsOf(index, tensor ?? "");
  const [input] = graph.input;
  if (tensor === undefined || channels === undefined || input === undefined) return undefined;
  if (elementType(input) !== TensorProto_DataType.FLOAT || graph.output.length !== 1) return undefined;

  const info = valueInfo(tensor, TensorProto_DataType.FLOAT, [1, channels, "height", "width"]);
  const before = { ...graph, node: [...graph.node], input: [...graph.input], output: [info] };
  prune(before);
  const after = {
    ...graph,
    node: graph.node.filter((node) => !node.output.includes(tensor)),
    input: [info],
    output: [...graph.output],
  };
  prune(after);
  if (after.node.some((node) => node.input.includes(input.name))) return undefined;
  return { before: { ...file, graph: before }, after: { ...file, graph: after }, tensor, channels };
}

/** Channels of what a convolution gives, also behind sums and scalings of equal tensors. */
function channelsOf(index: GraphIndex, tensor: string): number | undefined {
  const node = index.producer(tensor);
  if (node === undefined) return undefined;
  if (node.opType === "Conv") return Number(index.initializer(node.input[1] ?? "")?.dims[0] ?? NaN) || undefined;
  if (!["Add", "Div", "Mul", "Identity", "Cast"].includes(node.opType)) return undefined;
  for (const input of node.input) {
    const channels = channelsOf(index, input);
    if (channels !== undefined) return channels;
  }
  return undefined;
}

function strides(node: NodeProto): readonly number[] {
  return node.attribute.find(({ name }) => name === "strides")?.ints.map(Number) ?? [];
}

/**
 * The layers of a text encoder, given out beside its last one: what "clip skip" reads.
 *
 * Stock exports name none of them, or all. They are found by what a transformer is: layers add to one residual stream, so
 * that of the two inputs of each addition the stream is the one which others read as well.
 */

import type { NodeProto } from "onnx-buf";
import { elementType, node, valueInfo } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** Additions to the stream by one layer: attention's and the feed-forward network's. */
const ADDITIONS = 2;

/** Operators behind which a tensor is still the same one. */
const ALIASES = new Set(["Cast", "Identity"]);

/** How layers are found and given out. */
export interface TextLayerOptions {
  /** Layers that the encoder has. */
  readonly layers: number;
  /** The output behind the final norm. */
  readonly last: string;
  /** Whether the final norm is applied to each layer. */
  readonly normed: boolean;
  /** Width D of its states. */
  readonly width: number;
}

/** The name of the output that holds what layer `layer`, from 1, leaves. */
export function layerOutput(layer: number): string {
  return `text_layer.${layer}`;
}

/**
 * Edits a text encoder so that it gives out every layer. Its other outputs stay as they are, bit for bit.
 * @returns Whether its layers were found; else nothing was edited.
 */
export function giveOutLayers(file: OnnxFile, { layers, last, normed, width }: TextLayerOptions): boolean {
  const { graph } = file;
  const [type] = graph.output.filter(({ name }) => name === last).map(elementType);
  const states = findLayers(file, { layers, last });
  const top = states?.at(-1);
  if (type === undefined || states === undefined || top === undefined) return false;
  const norm = between(graph.node, top, last);
  states.forEach((state, i) => {
    const name = layerOutput(i + 1);
    graph.node.push(
      ...normed ? copies(norm, { [top]: state, [last]: name }, name) : [node("Identity", [state], [name])],
    );
    graph.output.push(valueInfo(name, type, ["batch", "tokens", width]));
  });
  return true;
}

/** The tensors that the layers leave, the first layer's first; undefined where they are not found. */
export function findLayers(
  { graph }: OnnxFile,
  { layers, last }: Pick<TextLayerOptions, "layers" | "last">,
): readonly string[] | undefined {
  const index = new GraphIndex(graph);
  const stream = [normInput(index, last) ?? ""];
  for (let i = 0; i < layers * ADDITIONS; i++) {
    const below = beneath(index, stream.at(-1) ?? "");
    if (below === undefined) return undefined;
    stream.push(below);
  }
  return Array.from({ length: layers }, (_, i) => stream[(layers - 1 - i) * ADDITIONS] ?? "");
}

/** What the final norm reads: the last tensor of the stream, the nearest above `last` that is a sum of two tensors. */
function normInput(index: GraphIndex, last: string): string | undefined {
  let names = [last];
  for (let depth = 0; depth < 16 && names.length > 0; depth++) {
    const found = names.find((name) => beneath(index, name) !== undefined);
    if (found !== undefined) return found;
    names = names.flatMap((name) => index.producer(name)?.input ?? []);
  }
  return undefined;
}

/** The stream before the addition that made `name`; undefined where none did. */
function beneath(index: GraphIndex, name: string): string | undefined {
  const made = origin(index, name);
  const addition = index.producer(made);
  if (addition?.opType !== "Add") return undefined;
  const [a = "", b = ""] = addition.input;
  const isShared = (input: string) => index.producer(input) !== undefined && index.consumers(input).length > 1;
  if (isShared(a) === isShared(b)) return undefined;
  return isShared(a) ? a : b;
}

function origin(index: GraphIndex, name: string): string {
  const producer = index.producer(name);
  return producer !== undefined && ALIASES.has(producer.opType) ? origin(index, producer.input[0] ?? "") : name;
}

/** The nodes that lead from one tensor to another, in graph order. */
function between(all: readonly NodeProto[], from: string, to: string): readonly NodeProto[] {
  const reached = new Set([from]);
  const nodes: NodeProto[] = [];
  for (const each of all) {
    if (reached.has(to) || !each.input.some((name) => reached.has(name))) continue;
    each.output.forEach((name) => reached.add(name));
    nodes.push(each);
  }
  return nodes;
}

/** Copies of nodes, their tensors renamed: some as told, those that they make by a prefix. */
function copies(
  nodes: readonly NodeProto[],
  renamed: Readonly<Record<string, string>>,
  prefix: string,
): readonly NodeProto[] {
  const made = new Set(nodes.flatMap(({ output }) => output));
  const rename = (name: string) => renamed[name] ?? (made.has(name) ? `${prefix}/${name}` : name);
  return nodes.map((each) => ({
    ...each,
    name: `${prefix}/${each.name}`,
    input: each.input.map(rename),
    output: each.output.map(rename),
  }));
}

/**
 * Constants worked out before the engine sees a graph.
 *
 * Exports that keep their weights in half floats are full of `Constant` nodes and of `Cast`s of single weights. The
 * engine replaces those one by one while its own code is still cold, which is a third of the time that it takes to load
 * such a graph. Here they are replaced all at once; the numbers are the same.
 */

import { create } from "@bufbuild/protobuf";
import { type NodeProto, type TensorProto, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { type EncodedGraph, encodeOnnx, type ExternalWeights, type OnnxFile } from "./onnx_file.ts";
import { prune } from "./prune.ts";

/** The location of what was widened. */
const FOLDED = "parterre-folded.weights";

/** Beyond this many bytes of widened weights the engine does it itself, a tensor at a time: both forms take memory. */
const LIMIT_BYTES = 2 ** 28;

/**
 * The same graph with the tensors of its `Constant` nodes as initializers, and its half-float weights that are only read
 * through a `Cast` to float32 as float32. `file` is left as it is.
 */
export function foldConstants(file: OnnxFile): OnnxFile {
  const graph = { ...file.graph };
  const outputs = new Set(graph.output.map(({ name }) => name));
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  // An initializer that is an input as well is a default that a caller may replace.
  for (const { name } of graph.input) initializers.delete(name);

  const added: TensorProto[] = [];
  const casts: WideningCast[] = [];
  graph.node = graph.node.filter((node) => {
    const [name = ""] = node.output;
    if (outputs.has(name)) return true;
    const constant = constantTensor(node);
    if (constant !== undefined) {
      const tensor = renamed(constant, name);
      added.push(tensor);
      initializers.set(name, tensor);
      return false;
    }
    const weight = widens(node) ? initializers.get(node.input[0] ?? "") : undefined;
    const halves = weight && halfFloats(weight, file);
    if (weight !== undefined && halves !== undefined) casts.push({ node, weight, halves });
    return true;
  });

  const floats = casts.reduce((sum, { halves }) => sum + halves.length / 2, 0);
  const bytes = new Uint8Array(4 * floats <= LIMIT_BYTES ? 4 * floats : 0);
  if (bytes.length > 0) {
    const replaced = new Set(casts.map(({ node }) => node));
    graph.node = graph.node.filter((node) => !replaced.has(node));
    added.push(...widen(casts, bytes));
  }
  graph.initializer = [...graph.initializer, ...added];
  prune(graph);
  return bytes.length === 0
    ? { ...file, graph }
    : { ...file, graph, external: [...file.external, { location: FOLDED, bytes }] };
}

/** A graph as it is given to an engine: folded and encoded. */
export function encodeFolded(file: OnnxFile): EncodedGraph {
  return encodeOnnx(foldConstants(file));
}

/** A `Cast` of a weight from float16 to float32. */
interface WideningCast {
  readonly node: NodeProto;
  readonly weight: TensorProto;
  /** Little-endian, at any alignment. */
  readonly halves: Uint8Array;
}

/** The weights in float32, one after the other in `bytes`. */
function widen(casts: readonly WideningCast[], bytes: Uint8Array<ArrayBuffer>): readonly TensorProto[] {
  let at = 0;
  return casts.map(({ node, weight, halves }) => {
    const aligned = halves.byteOffset % 2 === 0 ? halves : halves.slice();
    const from = new Float16Array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / 2);
    new Float32Array(bytes.buffer, at, from.length).set(from);
    const rawData = bytes.subarray(at, at += 4 * from.length);
    const [name = ""] = node.output;
    return create(TensorProtoSchema, { name, dims: weight.dims, dataType: TensorProto_DataType.FLOAT, rawData });
  });
}

/** What a `Constant` node holds, if it is a tensor; the short forms for scalars and lists are left to the engine. */
function constantTensor({ opType, attribute }: NodeProto): TensorProto | undefined {
  return opType === "Constant" ? attribute.find(({ name }) => name === "value")?.t : undefined;
}

/** The same tensor, its bytes not copied. A bare spread would lose what unset fields are by default. */
function renamed({ $typeName: _, ...fields }: TensorProto, name: string): TensorProto {
  return create(TensorProtoSchema, { ...fields, name });
}

function widens({ opType, attribute }: NodeProto): boolean {
  const to = attribute.find(({ name }) => name === "to")?.i;
  return opType === "Cast" && Number(to) === TensorProto_DataType.FLOAT;
}

/** The bytes of a tensor of half floats, wherever they lie; undefined for other tensors and other ways to store one. */
function halfFloats(tensor: TensorProto, { external }: OnnxFile): Uint8Array | undefined {
  if (tensor.dataType !== TensorProto_DataType.FLOAT16) return undefined;
  const size = 2 * tensor.dims.reduce((product, d) => product * Number(d), 1);
  const bytes = tensor.rawData.length > 0 ? tensor.rawData : outside(tensor, external, size);
  return bytes?.length === size && size > 0 ? bytes : undefined;
}

/** The bytes of a tensor that lie in a data file; undefined where there is no such file. @param size In bytes. */
export function outside(
  tensor: TensorProto,
  external: readonly ExternalWeights[],
  size: number,
): Uint8Array | undefined {
  const entry = (key: string) => tensor.externalData.find((e) => e.key === key)?.value;
  const file = external.find(({ location }) => location === entry("location"));
  const offset = Number(entry("offset") ?? 0); // the format's default
  return file?.bytes.subarray(offset, offset + size);
}

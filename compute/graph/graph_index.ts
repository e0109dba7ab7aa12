/** Who makes each tensor of a graph and who reads it, and the few questions that topology answers with that. */

import { type GraphProto, type NodeProto, type TensorProto, TensorProto_DataType } from "onnx-buf";

/** Operators that hand on their first input's numbers, at most rearranged or converted. */
const CARRIERS = new Set(["Cast", "CastLike", "Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten"]);
/** Operators that change neither shape nor meaning. */
const ALIASES = new Set(["Cast", "CastLike", "Identity"]);

/** A snapshot of a graph's wiring; make a new one after editing the graph. */
export class GraphIndex {
  readonly #producers = new Map<string, NodeProto>();
  readonly #consumers = new Map<string, NodeProto[]>();
  readonly #initializers = new Map<string, TensorProto>();
  readonly #positions = new Map<NodeProto, number>();

  constructor(readonly graph: GraphProto) {
    for (const tensor of graph.initializer) this.#initializers.set(tensor.name, tensor);
    for (const [i, node] of graph.node.entries()) {
      this.#positions.set(node, i);
      for (const name of node.output) this.#producers.set(name, node);
      for (const name of new Set(node.input)) {
        const readers = this.#consumers.get(name);
        if (readers === undefined) this.#consumers.set(name, [node]);
        else readers.push(node);
      }
    }
  }

  /** The node whose output `tensor` is; undefined for graph inputs and initializers. */
  producer(tensor: string): NodeProto | undefined {
    return this.#producers.get(tensor);
  }

  /**
   * Where a node stands in graph order, from 0.
   * @throws {RangeError} if it is none of the graph's.
   */
  position(node: NodeProto): number {
    const position = this.#positions.get(node);
    if (position === undefined) throw new RangeError(`Cannot order the node "${node.name}": the graph has none such`);
    return position;
  }

  /** The stored tensor of a name; undefined for graph inputs and for what nodes make. */
  initializer(tensor: string): TensorProto | undefined {
    return this.#initializers.get(tensor);
  }

  /** The nodes that read `tensor`, in graph order. */
  consumers(tensor: string): readonly NodeProto[] {
    return this.#consumers.get(tensor) ?? [];
  }

  /** The nodes that read the numbers of `tensor`, not only its size or type. */
  dataReaders(tensor: string): readonly NodeProto[] {
    return this.consumers(tensor).filter((node) =>
      node.opType !== "Shape" && !(node.opType === "CastLike" && node.input[0] !== tensor)
    );
  }

  /** Every tensor that is `source` itself up to element type, `source` first. */
  aliases(source: string): readonly string[] {
    const names = [source];
    for (const name of names) {
      for (const node of this.consumers(name)) {
        if (ALIASES.has(node.opType) && node.input[0] === name) names.push(...node.output);
      }
    }
    return names;
  }

  /** Rows and columns of a stored matrix, also behind Cast, Identity or Transpose; undefined for anything else. */
  matrixShape(tensor: string): readonly [number, number] | undefined {
    const initializer = this.#initializers.get(tensor);
    if (initializer !== undefined) {
      const [rows, columns] = initializer.dims.map(Number);
      return initializer.dims.length === 2 && rows !== undefined && columns !== undefined ? [rows, columns] : undefined;
    }
    const node = this.producer(tensor);
    if (node === undefined || (!ALIASES.has(node.opType) && node.opType !== "Transpose")) return undefined;
    const inner = this.matrixShape(node.input[0] ?? "");
    return inner && node.opType === "Transpose" ? [inner[1], inner[0]] : inner;
  }

  /**
   * The integers of a shape-like tensor, from constants, initializers and their concatenations; undefined where an
   * element is computed at run time.
   */
  integers(tensor: string): readonly (number | undefined)[] | undefined {
    const initializer = this.#initializers.get(tensor);
    if (initializer !== undefined) return tensorIntegers(initializer);
    const node = this.producer(tensor);
    if (node === undefined) return undefined;
    if (node.opType === "Constant") return constantIntegers(node);
    const first = node.input[0];
    if (first !== undefined && (ALIASES.has(node.opType) || node.opType === "Unsqueeze")) {
      return this.integers(first) ?? [undefined];
    }
    if (node.opType === "Concat") return node.input.flatMap((part) => this.integers(part) ?? [undefined]);
    return undefined;
  }
}

/** Whether a node hands on its first input's numbers, at most rearranged, converted or scaled by a scalar. */
export function carries(node: NodeProto): boolean {
  return CARRIERS.has(node.opType) || node.opType === "Mul" || node.opType === "Div";
}

/** An integer-list attribute; empty where the node does not set it. */
export function intsAttribute(node: NodeProto, name: string): readonly number[] {
  return node.attribute.find((a) => a.name === name)?.ints.map(Number) ?? [];
}

function constantIntegers(node: NodeProto): readonly number[] | undefined {
  for (const attribute of node.attribute) {
    if (attribute.name === "value" && attribute.t !== undefined) return tensorIntegers(attribute.t);
    if (attribute.name === "value_int") return [Number(attribute.i)];
    if (attribute.name === "value_ints") return attribute.ints.map(Number);
  }
  return undefined;
}

function tensorIntegers(tensor: TensorProto): readonly number[] | undefined {
  const raw = tensor.rawData;
  if (tensor.dataType === TensorProto_DataType.INT64) {
    if (tensor.int64Data.length > 0) return tensor.int64Data.map(Number);
    // Raw data is little-endian by the specification, and unaligned in general.
    return raw.length === 0 ? undefined : Array.from(new BigInt64Array(raw.slice().buffer), Number);
  }
  if (tensor.dataType === TensorProto_DataType.INT32) {
    if (tensor.int32Data.length > 0) return tensor.int32Data;
    return raw.length === 0 ? undefined : Array.from(new Int32Array(raw.slice().buffer));
  }
  return undefined;
}

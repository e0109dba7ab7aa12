/** Small graphs for what a runtime must be able to do. */

import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
} from "onnx-buf";
import { node, valueInfo } from "../../compute/graph/emit.ts";
import type { EncodedGraph } from "../../compute/graph/onnx_file.ts";

const { FLOAT, FLOAT16, INT32, INT64 } = TensorProto_DataType;

interface Parts {
  readonly input: ValueInfoProto[];
  readonly output: ValueInfoProto[];
  readonly node: NodeProto[];
  readonly initializer?: TensorProto[];
}

function encode(parts: Parts, weights: EncodedGraph["weights"] = []): EncodedGraph {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: 17n })],
    graph: create(GraphProtoSchema, { name: "small", ...parts }),
  });
  return { skeleton: toBinary(ModelProtoSchema, model), weights };
}

/** `count` [n] of one element type -> `number` [n] float32, the same numbers. */
export function castGraph(elementType: "float16" | "int64" | "int32"): EncodedGraph {
  const from = { float16: FLOAT16, int64: INT64, int32: INT32 }[elementType];
  return encode({
    input: [valueInfo("count", from, ["n"])],
    output: [valueInfo("number", FLOAT, ["n"])],
    node: [node("Cast", ["count"], ["number"], { to: FLOAT })],
  });
}

/** `a` [rows, 4] and `b` [4] -> `sum` [rows, 4] and `product` [rows, 4], all float32 or all float16. */
export function arithmeticGraph(elementType: "float32" | "float16"): EncodedGraph {
  const type = { float32: FLOAT, float16: FLOAT16 }[elementType];
  return encode({
    input: [valueInfo("a", type, ["rows", 4]), valueInfo("b", type, [4])],
    output: [valueInfo("sum", type, ["rows", 4]), valueInfo("product", type, ["rows", 4])],
    node: [node("Add", ["a", "b"], ["sum"]), node("Mul", ["a", "b"], ["product"])],
  });
}

/** Edge of the square matrices of {@link matmulGraph}. */
export const EDGE = 24;

/**
 * `x` [rows, EDGE] -> `y` = x W1 W2, whose weights lie in two files, at offsets that suit no alignment.
 * @param first W1, row by row.
 * @param second W2, row by row.
 */
export function matmulGraph(first: Float32Array, second: Float32Array): EncodedGraph {
  return encode({
    input: [valueInfo("x", FLOAT, ["rows", EDGE])],
    output: [valueInfo("y", FLOAT, ["rows", EDGE])],
    initializer: [external("W1", "first.weights", 3), external("W2", "second.weights", 130)],
    node: [node("MatMul", ["x", "W1"], ["between"]), node("MatMul", ["between", "W2"], ["y"])],
  }, [
    { location: "first.weights", bytes: padded(first, 3) },
    { location: "second.weights", bytes: padded(second, 130) },
  ]);
}

function external(name: string, location: string, offset: number): TensorProto {
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
  return create(TensorProtoSchema, {
    name,
    dims: [BigInt(EDGE), BigInt(EDGE)],
    dataType: FLOAT,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      entry("location", location),
      entry("offset", `${offset}`),
      entry("length", `${EDGE * EDGE * Float32Array.BYTES_PER_ELEMENT}`),
    ],
  });
}

/** The numbers after so many bytes that must not be read, as views of a file are. */
function padded(numbers: Float32Array, offset: number): Uint8Array {
  const file = new Uint8Array(offset + numbers.byteLength).fill(0xff);
  file.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), offset);
  return file;
}

/** A graph that calls an operator that no engine has. */
export function unknownOperatorGraph(): EncodedGraph {
  return encode({
    input: [valueInfo("x", FLOAT, [1])],
    output: [valueInfo("y", FLOAT, [1])],
    node: [node("Levitate", ["x"], ["y"])],
  });
}

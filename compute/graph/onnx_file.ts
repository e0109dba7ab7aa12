/**
 * Reading an ONNX file without copying its weights, and writing back a skeleton that points into the original bytes.
 *
 * A model of hundreds of megabytes becomes a graph of a few kilobytes whose initializers are external views
 * (`location`, `offset`, `length`) of the bytes it was read from.
 */

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from "onnx-buf";
import { UnsupportedGraphError } from "./unsupported.ts";

/** Bytes that a graph's external initializers point into, by the name they call it. */
export interface ExternalWeights {
  readonly location: string;
  /** Those of a file are read when they are first asked for. */
  readonly bytes: Uint8Array;
  /** How many there are, where that is known before they are read. */
  readonly size?: number;
}

/** A graph ready for a runtime: its encoded skeleton and what its weights point into. */
export interface EncodedGraph {
  readonly skeleton: Uint8Array;
  readonly weights: readonly ExternalWeights[];
}

/** A parsed model file. `graph` may be edited; initializer data are views of `bytes`, or of one of `external`. */
export interface OnnxFile {
  readonly model: ModelProto;
  readonly graph: GraphProto;
  readonly bytes: Uint8Array;
  /** Data files that the model's own external initializers already name, and bytes that an edit added. */
  readonly external: readonly ExternalWeights[];
}

/** The location under which a skeleton's initializers find the bytes of the file they were read from. */
const SELF = "parterre-self.weights";

/** Initializers of at most this many bytes stay inside the skeleton: shapes, scalars and small biases. */
const INLINE_BYTES = 256;

/**
 * Parses a model.
 * @param external The files that its external initializers name (`model.onnx_data`), if it has any.
 * @throws {UnsupportedGraphError} if the bytes are not an ONNX model, or its operator set is older than 13.
 */
export function parseOnnx(bytes: Uint8Array, external: readonly ExternalWeights[] = []): OnnxFile {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new UnsupportedGraphError(`not an ONNX model: ${error instanceof Error ? error.message : error}`);
  }
  if (model.graph === undefined) throw new UnsupportedGraphError("the file holds no graph");
  return { model, graph: model.graph, bytes, external };
}

/** The version of the default operator set (https://onnx.ai/onnx/operators); 0 for a file that does not use it. */
export function opset(file: OnnxFile): number {
  const entry = file.model.opsetImport.find((o) => o.domain === "" || o.domain === "ai.onnx");
  return Number(entry?.version ?? 0n);
}

/**
 * Encodes a file's current graph. Weights are not copied: the skeleton refers to `file.bytes` and to the file's own
 * external data.
 */
export function encodeOnnx(file: OnnxFile): EncodedGraph {
  const weights = [{ location: SELF, bytes: file.bytes }, ...file.external];
  const outside = file.graph.initializer.map((t) => pointOutside(t, weights));
  const model = { ...file.model, graph: { ...file.graph, initializer: outside } };
  return { skeleton: toBinary(ModelProtoSchema, model), weights };
}

function pointOutside(tensor: TensorProto, weights: readonly ExternalWeights[]): TensorProto {
  const raw = tensor.rawData;
  if (raw.length <= INLINE_BYTES) return tensor;
  const file = weights.find(({ bytes }) => bytes.buffer === raw.buffer);
  if (file === undefined) return tensor;
  const offset = raw.byteOffset - file.bytes.byteOffset;
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
  return create(TensorProtoSchema, {
    name: tensor.name,
    dims: tensor.dims,
    dataType: tensor.dataType,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [entry("location", file.location), entry("offset", `${offset}`), entry("length", `${raw.length}`)],
  });
}

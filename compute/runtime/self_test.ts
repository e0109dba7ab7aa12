/** Asking a provider to compute something small before it is trusted with pictures. */

import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { integers, node, valueInfo } from "../graph/emit.ts";
import type { EncodedGraph } from "../graph/onnx_file.ts";
import type { Tensor } from "../tensor.ts";
import { DeviceLostError, ProviderError, type Runtime } from "./runtime.ts";

/** Largest difference from WASM that arithmetic in another order explains: results lie between 0 and 1. */
const TOLERANCE = 1e-4;

/** How long it may take, shader compilation included, in milliseconds. */
const LIMIT_MS = 60_000;

/**
 * Compares a runtime with a trusted one.
 * @throws {ProviderError} if it fails, differs, or takes longer than a minute.
 */
export async function selfTest(candidate: Runtime, trusted: Runtime): Promise<void> {
  const { provider } = candidate.info;
  const expected = await compute(trusted);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  let difference: number;
  try {
    const computed = await Promise.race([compute(candidate), late]);
    difference = Math.max(...computed.map((v, i) => Math.abs(v - (expected[i] ?? NaN))));
  } catch (error) {
    const words = error instanceof DeviceLostError ? error.reason : error instanceof Error ? error.message : error;
    throw new ProviderError(provider, `it failed the self-test: ${words}`);
  } finally {
    clearTimeout(timer);
  }
  if (!(difference <= TOLERANCE)) {
    throw new ProviderError(provider, `it failed the self-test: its results differ from WASM's by ${difference}`);
  }
}

async function compute(runtime: Runtime): Promise<Float32Array> {
  const session = await runtime.createSession(selfTestGraph());
  try {
    const picture = { dims: [1, 3, 8, 8], data: pattern(3 * 8 * 8) };
    const attention = (await session.run({ picture })).get("attention");
    if (attention === undefined) throw new Error("the graph gave no output");
    return attention.data;
  } finally {
    await session.release();
  }
}

/** What a UNet is made of, once each: `picture` [1, 3, 8, 8] -> Conv -> MatMul -> Softmax -> `attention` [1, 4, 16]. */
export function selfTestGraph(): EncodedGraph {
  const graph = create(GraphProtoSchema, {
    name: "self-test",
    input: [valueInfo("picture", TensorProto_DataType.FLOAT, [1, 3, 8, 8])],
    output: [valueInfo("attention", TensorProto_DataType.FLOAT, [1, 4, 16])],
    initializer: [
      floats("kernel", { dims: [4, 3, 3, 3], data: pattern(4 * 3 * 3 * 3) }),
      integers("tokens", [1, 4, 64]),
      floats("projection", { dims: [64, 16], data: pattern(64 * 16) }),
    ],
    node: [
      node("Conv", ["picture", "kernel"], ["features"], { pads: [1, 1, 1, 1] }),
      node("Reshape", ["features", "tokens"], ["queries"]),
      node("MatMul", ["queries", "projection"], ["scores"]),
      node("Softmax", ["scores"], ["attention"], { axis: -1 }),
    ],
  });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: 17n })],
    graph,
  });
  return { skeleton: toBinary(ModelProtoSchema, model), weights: [] };
}

function floats(name: string, { dims, data }: Tensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

/** Numbers between -0.5 and 0.5 without a pattern that a wrong kernel might share: the golden ratio's multiples. */
function pattern(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i + 1) * 0.6180339887498949) % 1 - 0.5);
}

/** onnxruntime-web on WebAssembly SIMD with threads: the provider that runs anywhere. */

import * as ort from "onnxruntime-web";
import type { EncodedGraph } from "../graph/onnx_file.ts";
import { withFullMemory } from "./full_memory.ts";
import type { Tensor } from "../tensor.ts";
import {
  type Feed,
  type Runtime,
  RuntimeError,
  type RuntimeInfo,
  type Session,
  type ValueDescription,
} from "./runtime.ts";

/** How the WASM provider is set up. */
export interface WasmOptions {
  /** Threads that one run uses, at least 1. Fixed for the life of the Worker: the engine reads it once. */
  readonly threads: number;
  /** Why WASM was chosen, for {@link RuntimeInfo}. */
  readonly reason: string;
}

/** Starts the WASM provider. */
export function createWasmRuntime(options: WasmOptions): Runtime {
  ort.env.wasm.numThreads = options.threads;
  ort.env.logLevel = "error";
  const info: RuntimeInfo = {
    provider: "wasm",
    threads: options.threads,
    engine: `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}`,
    reason: options.reason,
  };
  return {
    info,
    createSession: async (graph) => {
      try {
        return new WasmSession(await withFullMemory(() => open(graph)));
      } catch (error) {
        throw new RuntimeError(`Cannot load the graph: ${message(error)}`);
      }
    },
  };
}

function open(graph: EncodedGraph): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(graph.skeleton, {
    executionProviders: ["wasm"],
    externalData: graph.weights.map((w) => ({ path: w.location, data: w.bytes })),
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
}

class WasmSession implements Session {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];

  constructor(private readonly session: ort.InferenceSession) {
    this.inputs = session.inputMetadata.map(describe);
    this.outputs = session.outputMetadata.map(describe);
  }

  async run(feeds: Readonly<Record<string, Feed>>, fetches?: readonly string[]): Promise<ReadonlyMap<string, Tensor>> {
    const values: Record<string, ort.Tensor> = {};
    for (const input of this.inputs) {
      const feed = feeds[input.name];
      if (feed === undefined) throw new RuntimeError(`Cannot run the graph: input "${input.name}" was not fed`);
      values[input.name] = toOrt(feed, input);
    }
    let results: ort.InferenceSession.OnnxValueMapType;
    try {
      results = await this.session.run(values, [...fetches ?? this.session.outputNames]);
    } catch (error) {
      throw new RuntimeError(`Cannot run the graph: ${message(error)}`);
    }
    const outputs = new Map<string, Tensor>();
    for (const [name, value] of Object.entries(results)) {
      outputs.set(name, { dims: value.dims, data: toFloat32(value) });
      value.dispose();
    }
    return outputs;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

function describe(value: ort.InferenceSession.ValueMetadata): ValueDescription {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: "not a tensor", shape: [] };
}

function toOrt(feed: Feed, input: ValueDescription): ort.Tensor {
  const { data, dims } = feed;
  switch (input.type) {
    case "float32":
      return new ort.Tensor("float32", data instanceof Float32Array ? data : Float32Array.from(data), dims);
    case "float16":
      // The engine takes half floats as their bits.
      return new ort.Tensor("float16", new Uint16Array(Float16Array.from(data).buffer), dims);
    case "int64":
      return new ort.Tensor("int64", BigInt64Array.from(data as ArrayLike<number> as number[], (v) => BigInt(v)), dims);
    case "int32":
      return new ort.Tensor("int32", Int32Array.from(data), dims);
    default:
      throw new RuntimeError(`Cannot feed "${input.name}": element type ${input.type} is not supported`);
  }
}

function toFloat32(value: ort.Tensor): Float32Array {
  const data = value.data;
  if (data instanceof Float32Array) return data.slice();
  if (value.type === "float16") {
    const bits = data as Uint16Array;
    return Float32Array.from(new Float16Array(bits.buffer, bits.byteOffset, bits.length));
  }
  throw new RuntimeError(`Cannot read an output of element type ${value.type}`);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A session of any of ONNX Runtime's JavaScript packages: they share one interface and differ in their engine. */

import type * as ort from "onnxruntime-web";
import type { EncodedGraph } from "../graph/onnx_file.ts";
import type { Tensor } from "../tensor.ts";
import { DeviceLostError, type Feed, RuntimeError, type Session, type ValueDescription } from "./runtime.ts";

/** What is needed of a package; each has its own classes. */
export type OrtPackage = Pick<typeof ort, "InferenceSession" | "Tensor">;

/** An engine, and how it wants to be called. */
export interface OrtEngine {
  readonly ort: OrtPackage;
  readonly sessionOptions: ort.InferenceSession.SessionOptions;
  /** Makes a feed of half floats from their bits, where the package's own way does not work. */
  readonly halves?: (bits: Uint16Array, dims: readonly number[]) => ort.Tensor;
  /** Wraps every call into the engine. Its own errors of the kind {@link RuntimeError} reach the caller as they are. */
  readonly guard: <T>(call: "create" | "run" | "release", work: () => Promise<T>) => Promise<T>;
}

/**
 * Loads a graph.
 * @throws {RuntimeError} if the engine refuses it.
 */
export async function openOrtSession(engine: OrtEngine, graph: EncodedGraph): Promise<Session> {
  const { ort, sessionOptions, guard } = engine;
  try {
    const session = await guard("create", () =>
      ort.InferenceSession.create(graph.skeleton, {
        ...sessionOptions,
        externalData: graph.weights.map((w) => ({ path: w.location, data: w.bytes })),
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
      }));
    return new OrtSession(engine, session);
  } catch (error) {
    throw runtimeError("Cannot load the graph", error);
  }
}

class OrtSession implements Session {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];

  constructor(private readonly engine: OrtEngine, private readonly session: ort.InferenceSession) {
    this.inputs = session.inputMetadata.map(describe);
    this.outputs = session.outputMetadata.map(describe);
  }

  async run(feeds: Readonly<Record<string, Feed>>, fetches?: readonly string[]): Promise<ReadonlyMap<string, Tensor>> {
    const values: Record<string, ort.Tensor> = {};
    for (const input of this.inputs) {
      const feed = feeds[input.name];
      if (feed === undefined) throw new RuntimeError(`Cannot run the graph: input "${input.name}" was not fed`);
      values[input.name] = toOrt(this.engine, feed, input);
    }
    let results: ort.InferenceSession.OnnxValueMapType;
    try {
      results = await this.engine.guard(
        "run",
        () => this.session.run(values, [...fetches ?? this.session.outputNames]),
      );
    } catch (error) {
      throw runtimeError("Cannot run the graph", error);
    }
    try {
      return new Map(
        Object.entries(results).map(([name, value]) => [name, { dims: value.dims, data: toFloat32(value) }]),
      );
    } finally {
      for (const value of Object.values(results)) value.dispose();
    }
  }

  async release(): Promise<void> {
    try {
      await this.engine.guard("release", () => this.session.release());
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw runtimeError("Cannot release the graph", error);
    }
  }
}

function describe(value: ort.InferenceSession.ValueMetadata): ValueDescription {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: "not a tensor", shape: [] };
}

function toOrt({ ort: { Tensor }, halves }: OrtEngine, { data, dims }: Feed, input: ValueDescription): ort.Tensor {
  try {
    switch (input.type) {
      case "float32":
        return new Tensor("float32", data instanceof Float32Array ? data : Float32Array.from(data), dims);
      case "float16": {
        const bits = new Uint16Array(Float16Array.from(data).buffer);
        return halves === undefined ? new Tensor("float16", bits, dims) : halves(bits, dims);
      }
      case "int64":
        return new Tensor("int64", BigInt64Array.from(data as ArrayLike<number> as number[], (v) => BigInt(v)), dims);
      case "int32":
        return new Tensor("int32", Int32Array.from(data), dims);
    }
  } catch (error) {
    throw runtimeError(`Cannot feed "${input.name}"`, error);
  }
  throw new RuntimeError(`Cannot feed "${input.name}": element type ${input.type} is not supported`);
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

function runtimeError(what: string, error: unknown): RuntimeError {
  if (error instanceof RuntimeError) return error;
  return new RuntimeError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
}

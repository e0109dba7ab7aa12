/** What the rest of compute asks of an inference engine; `wasm.ts` and its siblings provide it. */

import type { Tensor } from "../tensor.ts";
import type { EncodedGraph } from "../graph/onnx_file.ts";

/** The inference engines that exist, in the words of `PARTERRE_PROVIDER`. */
export type ProviderName = "wasm" | "webgpu" | "native";

/** Numbers to feed a graph; converted to the element type that its input declares. */
export interface Feed {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A graph input or output as the graph declares it; symbolic dimensions are strings. */
export interface ValueDescription {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** A loaded graph. It has one owner, who releases it. */
export interface Session {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
  /**
   * Runs the graph once.
   * @param feeds One entry per input of the graph.
   * @param fetches The outputs wanted; all of them by default.
   * @returns The outputs as float32, whatever the graph computes in.
   * @throws {RuntimeError} on a missing feed or a failure in the engine.
   */
  run(feeds: Readonly<Record<string, Feed>>, fetches?: readonly string[]): Promise<ReadonlyMap<string, Tensor>>;
  release(): Promise<void>;
}

/** What a runtime is, for `Query.runtime` and `deno task info`. */
export interface RuntimeInfo {
  readonly provider: ProviderName;
  /** Threads that one run uses. */
  readonly threads: number;
  /** Engine and version, for instance `onnxruntime-web 1.30.0`. */
  readonly engine: string;
  /** Why this provider was chosen, in a sentence. */
  readonly reason: string;
}

/** An inference engine. Runs block its thread, so it lives in a Worker. */
export interface Runtime {
  readonly info: RuntimeInfo;
  createSession(graph: EncodedGraph): Promise<Session>;
}

/** A failure inside the inference engine, with the graph's own words for it. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
  readonly code = "RUNTIME_ERROR";
}

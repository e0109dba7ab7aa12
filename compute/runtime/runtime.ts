/** What the rest of compute asks of an inference engine; `wasm.ts` and its siblings provide it. */

import type { Tensor } from "../tensor.ts";
import type { EncodedGraph } from "../graph/onnx_file.ts";

/** The inference engines that exist. */
export type ProviderName = "wasm" | "webgpu" | "native";

/** What may be asked for, in the words of `PARTERRE_PROVIDER`: one by name, or `auto`, the best that works here. */
export type ProviderChoice = ProviderName | "auto";

/** Every {@link ProviderChoice}. */
export const PROVIDER_CHOICES = ["auto", "webgpu", "wasm", "native"] as const satisfies readonly ProviderChoice[];

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
   * @throws {DeviceLostError} if the device was lost; every later run fails with it as well.
   */
  run(feeds: Readonly<Record<string, Feed>>, fetches?: readonly string[]): Promise<ReadonlyMap<string, Tensor>>;
  release(): Promise<void>;
}

/** A provider that was not taken, and why, in a sentence without its full stop. */
export interface RejectedProvider {
  readonly provider: ProviderName;
  readonly reason: string;
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
  /** The GPU, in its driver's words; null where none computes. */
  readonly adapter: string | null;
  /** Providers that were tried before this one. */
  readonly rejected: readonly RejectedProvider[];
}

/** What computes, wherever that is: `provider` is `none` where nothing does as yet. */
export interface ComputeView {
  readonly runtime: Omit<RuntimeInfo, "provider"> & { readonly provider: ProviderName | "none" };
  /** Names of the models in memory. */
  readonly loaded: ReadonlySet<string>;
}

/** An inference engine. Runs block its thread, so it lives in a Worker. */
export interface Runtime {
  readonly info: RuntimeInfo;
  /**
   * Loads a graph.
   * @throws {RuntimeError} if the engine refuses it; the runtime stays usable.
   * @throws {DeviceLostError} if the device was lost.
   */
  createSession(graph: EncodedGraph): Promise<Session>;
  /** Gives back the device, if it has one; no session works after that. */
  dispose(): void;
}

/** A failure inside the inference engine, with the engine's own words for it. */
export class RuntimeError extends Error {
  override readonly name: string = "RuntimeError";
  readonly code: string = "RUNTIME_ERROR";
}

/** The device went away: unplugged, reset by its driver, or out of reach. The same work may be done elsewhere. */
export class DeviceLostError extends RuntimeError {
  override readonly name = "DeviceLostError";
  override readonly code = "DEVICE_LOST";

  /** @param reason What the driver says, without a full stop. */
  constructor(readonly reason: string) {
    super(`Cannot compute any more: the device was lost: ${reason}`);
  }
}

/** A provider that cannot work here. */
export class ProviderError extends Error implements RejectedProvider {
  override readonly name = "ProviderError";
  readonly code = "PROVIDER_UNAVAILABLE";

  /** @param reason Why, without a full stop. */
  constructor(readonly provider: ProviderName, readonly reason: string) {
    super(`Cannot compute with "${provider}": ${reason}`);
  }
}

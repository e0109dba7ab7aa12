/** onnxruntime-web on WebAssembly SIMD with threads: the provider that runs anywhere. */

import * as ort from "onnxruntime-web";
import { withFullMemory } from "#host/full_memory.ts";
import { Mutex } from "../../workers/mutex.ts";
import { openOrtSession, type OrtEngine } from "./ort_session.ts";
import type { RejectedProvider, Runtime, RuntimeInfo } from "./runtime.ts";

/** How the WASM provider is set up. */
export interface WasmOptions {
  /** Threads that one run uses, at least 1. Fixed for the life of the Worker: the engine reads it once. */
  readonly threads: number;
  /** Why WASM was chosen, for {@link RuntimeInfo}. */
  readonly reason: string;
  /** Providers that were tried before; default none. */
  readonly rejected?: readonly RejectedProvider[];
}

/** The engine keeps the external weights of graphs that load by name only, so one graph loads at a time. */
const LOADS = new Mutex();

/** Starts the WASM provider. */
export function createWasmRuntime({ threads, reason, rejected = [] }: WasmOptions): Runtime {
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const info: RuntimeInfo = {
    provider: "wasm",
    threads,
    engine: `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}`,
    reason,
    adapter: null,
    rejected,
  };
  const engine: OrtEngine = {
    ort,
    sessionOptions: { executionProviders: ["wasm"] },
    guard: (call, work) => call === "create" ? LOADS.run(() => withFullMemory(work)) : work(),
  };
  return { info, createSession: (graph) => openOrtSession(engine, graph), dispose: () => {} };
}

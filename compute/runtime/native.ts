/** onnxruntime-node on the processor: machine code outside Deno's sandbox, several times as fast as WASM. */

import { loadNativeEngine } from "#host/native_engine.ts";
import { openOrtSession, type OrtEngine } from "./ort_session.ts";
import { ProviderError, type Runtime, type RuntimeInfo } from "./runtime.ts";

/** How the native provider is set up. */
export interface NativeOptions {
  /** Threads that one run uses, at least 1. */
  readonly threads: number;
  /** Why it was chosen, for {@link RuntimeInfo}. */
  readonly reason: string;
}

/**
 * Starts the native provider.
 * @throws {ProviderError} if machine code may not be loaded, or the package or its machine code cannot.
 */
export async function createNativeRuntime({ threads, reason }: NativeOptions): Promise<Runtime> {
  const node = await loadNativeEngine();
  if ("refused" in node) throw new ProviderError("native", node.refused);
  const info: RuntimeInfo = {
    provider: "native",
    threads,
    engine: `onnxruntime-node ${node.env.versions.node ?? node.env.versions.common}`,
    reason,
    adapter: null,
    rejected: [],
  };
  const { Tensor } = node;
  const engine: OrtEngine = {
    ort: node,
    sessionOptions: { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 },
    // The package turns the bits into a Float16Array, whose length Deno does not tell machine code.
    halves: (bits, dims) => Object.defineProperty(new Tensor("float16", bits, dims), "data", { value: bits }),
    guard: (_call, work) => work(),
  };
  return { info, createSession: (graph) => openOrtSession(engine, graph), dispose: () => {} };
}

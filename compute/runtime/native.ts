/** onnxruntime-node on the processor: machine code outside Deno's sandbox, several times as fast as WASM. */

import type * as ort from "onnxruntime-web";
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
 * Fetched when it is first used: 110 MB. Deno fetches beforehand whatever deno.json, deno.lock or the literals of an
 * `import` name, so it stays out of all three.
 */
const PACKAGE = "npm:onnxruntime-node@1.30.0";

/**
 * Starts the native provider.
 * @throws {ProviderError} if machine code may not be loaded, or the package or its machine code cannot.
 */
export async function createNativeRuntime({ threads, reason }: NativeOptions): Promise<Runtime> {
  // Asked first, so that nothing is fetched in vain.
  const { state } = await Deno.permissions.query({ name: "ffi" });
  if (state !== "granted") throw new ProviderError("native", "machine code may not be loaded without --allow-ffi");
  let node: typeof ort;
  try {
    node = await import(PACKAGE);
  } catch (error) {
    const [words] = String(error instanceof Error ? error.message : error).split("\n");
    throw new ProviderError("native", `onnxruntime-node cannot be loaded: ${words}`);
  }
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

/** onnxruntime-web on WebGPU: the provider for machines with a GPU. */

import { adapterName, findAdapter, openDevice } from "./gpu_adapter.ts";
import { Mutex } from "../../workers/mutex.ts";
import { openOrtSession, type OrtEngine } from "./ort_session.ts";
import { DeviceLostError, ProviderError, type Runtime, type RuntimeInfo } from "./runtime.ts";
import { withoutLocation } from "#host/without_location.ts";

/** How the WebGPU provider is set up. */
export interface WebgpuOptions {
  /** Why it was chosen, for {@link RuntimeInfo}. */
  readonly reason: string;
  /** Whether an adapter will do that is a program and no GPU: correct, and slower than WASM. */
  readonly allowSoftware: boolean;
}

/** The engine allows one call at a time, whichever session makes it: concurrent ones hang or crash. */
const TURNS = new Mutex();

/** How long a failed call waits to learn whether the device is gone, in milliseconds. */
const LOSS_NOTICE_MS = 100;

/**
 * Starts the WebGPU provider on a device of its own.
 * @throws {ProviderError} if there is no adapter, or it is software and that is not allowed, or it gives no device.
 */
export async function createWebgpuRuntime({ reason, allowSoftware }: WebgpuOptions): Promise<Runtime> {
  const adapter = await findAdapter(allowSoftware);
  if (!("Suspending" in WebAssembly)) {
    throw new ProviderError("webgpu", "this platform cannot suspend WebAssembly (JavaScript Promise Integration)");
  }
  // Of the engine's two builds this one is smaller, compiles shaders sooner, and fails instead of hanging on a lost
  // device. It computes on one thread, so it needs no memory of full size: see host/full_memory.ts.
  const ort = await withoutLocation(() => import("onnxruntime-web/jspi"));
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  const device = await openDevice(adapter);
  const halves = device.features.has("shader-f16");
  const info: RuntimeInfo = {
    provider: "webgpu",
    threads: 1,
    engine: `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}`,
    reason: halves ? reason : `${reason}; the GPU has no half floats (shader-f16), so float16 models may fail`,
    adapter: adapterName(adapter.info),
    rejected: [],
  };
  const engine: OrtEngine = {
    ort,
    sessionOptions: { executionProviders: [{ name: "webgpu", device }] },
    guard: guardDevice(device),
  };
  return { info, createSession: (graph) => openOrtSession(engine, graph), dispose: () => device.destroy() };
}

/** Calls in turn, each of which fails if the device reports an error meanwhile or goes away. */
function guardDevice(device: GPUDevice): OrtEngine["guard"] {
  let lost: DeviceLostError | undefined;
  const loss = device.lost.then((info): never => {
    lost = new DeviceLostError(info.reason === "destroyed" ? "it was destroyed" : info.message);
    throw lost;
  });
  loss.catch(() => {}); // calls hear of it
  let fault: string | undefined;
  device.addEventListener("uncapturederror", (event: Event) => {
    event.preventDefault();
    if (event instanceof GPUUncapturedErrorEvent) fault = event.error.message;
  });

  return (_call, work) =>
    TURNS.run(async () => {
      if (lost !== undefined) throw lost; // the engine is not to be touched again: it might never return
      fault = undefined;
      try {
        const result = await Promise.race([work(), loss]);
        // After such an error the engine goes on with buffers that hold nothing, for instance for lack of memory.
        if (fault !== undefined) throw new Error(`the GPU reports: ${fault}`);
        return result;
      } catch (error) {
        await Promise.race([loss, new Promise((resolve) => setTimeout(resolve, LOSS_NOTICE_MS))]);
        throw error;
      }
    });
}

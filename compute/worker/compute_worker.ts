/** The compute Worker: models and runs live here, since a run blocks its thread completely. */

import { join } from "node:path";
import { expose, releaseProxy, type Remote, transfer } from "comlink";
import { DiffusionModel } from "../model/model.ts";
import { Pipeline } from "../pipeline/generate.ts";
import type { GenerationRequest } from "../pipeline/request.ts";
import type { Runtime, RuntimeInfo } from "../runtime/runtime.ts";
import { createWasmRuntime } from "../runtime/wasm.ts";
import type { ComputeApi, ComputeOptions, GenerationOutcome, GenerationStep, LoadReport } from "./protocol.ts";

class ComputeWorker implements ComputeApi {
  #started: { readonly options: ComputeOptions; readonly runtime: Runtime } | undefined;
  readonly #pipelines = new Map<string, Pipeline>();

  start(options: ComputeOptions): RuntimeInfo {
    const reason = "WebAssembly SIMD with threads is the provider of this version";
    const runtime = createWasmRuntime({ threads: options.threads, reason });
    this.#started = { options, runtime };
    return runtime.info;
  }

  async load(model: string): Promise<LoadReport> {
    const since = performance.now();
    const pipeline = this.#pipeline(model);
    await pipeline.load();
    const loadMs = performance.now() - since;
    const { nativeSize } = pipeline.model.config;
    return { loadMs, stepMs: await pipeline.measureStep(nativeSize), nativeSize };
  }

  async generate(
    request: GenerationRequest,
    cancel: Int32Array<SharedArrayBuffer>,
    onStep: (step: GenerationStep) => void,
  ): Promise<GenerationOutcome> {
    try {
      for await (const output of this.#pipeline(request.model).generate(request)) {
        if (output.type === "IMAGE") return transfer(output, [output.image.data.buffer]);
        onStep(output);
        if (Atomics.load(cancel, 0) !== 0) return { type: "CANCELED" };
      }
      return { type: "FAILED", code: "INTERNAL", message: "The generation ended without a picture" };
    } catch (error) {
      return failure(error);
    } finally {
      // The caller's function arrives as a proxy with a message port of its own.
      (onStep as Remote<typeof onStep>)[releaseProxy]();
    }
  }

  #pipeline(name: string): Pipeline {
    const { options, runtime } = this.#started ?? notStarted();
    let pipeline = this.#pipelines.get(name);
    if (pipeline === undefined) {
      pipeline = new Pipeline(new DiffusionModel(runtime, join(options.modelsFolder, name), name));
      this.#pipelines.set(name, pipeline);
    }
    return pipeline;
  }
}

function notStarted(): never {
  throw new Error("Cannot compute before the Worker is started");
}

function failure(error: unknown): GenerationOutcome {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "INTERNAL";
  return { type: "FAILED", code, message: error instanceof Error ? error.message : String(error) };
}

expose(new ComputeWorker());

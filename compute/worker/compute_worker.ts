/** The compute Worker: models and runs live here, since a run blocks its thread completely. */

import { expose, releaseProxy, type Remote, transfer } from "comlink";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Pipeline } from "../pipeline/generate.ts";
import type { GenerationRequest } from "../pipeline/request.ts";
import { chooseRuntime } from "../runtime/choose.ts";
import { DeviceLostError, ProviderError } from "../runtime/runtime.ts";
import { Pipelines } from "./pipelines.ts";
import type {
  ComputeApi,
  ComputeOptions,
  ComputeState,
  GenerationOutcome,
  GenerationStep,
  LoadReport,
  MayFallBack,
  StartOutcome,
} from "./protocol.ts";

class ComputeWorker implements ComputeApi {
  #pipelines: Pipelines | undefined;

  async start(options: ComputeOptions): Promise<StartOutcome> {
    try {
      this.#pipelines = new Pipelines(await chooseRuntime(options.provider ?? "wasm", options), options);
      return { type: "STARTED", runtime: this.#pipelines.info };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { type: "REFUSED", provider: error.provider, reason: error.reason };
    }
  }

  state(): Promise<ComputeState> {
    const { info: runtime, loaded } = this.#started();
    return Promise.resolve({ runtime, loaded });
  }

  load(model: string): Promise<LoadReport> {
    return this.#started().use<LoadReport>(model, async (pipeline) => {
      const since = performance.now();
      await pipeline.load();
      const loadMs = performance.now() - since;
      return { loadMs, stepMs: await pipeline.measureStep(), nativeSize: pipeline.model.config.nativeSize };
    });
  }

  async warmUp(model: string): Promise<boolean> {
    const pipelines = this.#started();
    if (pipelines.pending > 0) return false;
    const { warm } = await pipelines.use<MayFallBack & { readonly warm: boolean }>(
      model,
      async (pipeline) => ({ warm: await pipeline.warmUp(() => pipelines.pending === 1) }),
    );
    return warm;
  }

  async generate(
    request: GenerationRequest,
    images: MaskImages,
    cancel: Int32Array<SharedArrayBuffer>,
    onStep: (step: GenerationStep) => void,
  ): Promise<GenerationOutcome> {
    try {
      const outcome = await this.#started().use(
        request.model,
        (pipeline) => attempt(pipeline, request, images, cancel, onStep),
      );
      return outcome.type === "IMAGE" ? transfer(outcome, [outcome.image.data.buffer]) : outcome;
    } catch (error) {
      return failure(error);
    } finally {
      // The caller's function arrives as a proxy with a message port of its own.
      (onStep as Remote<typeof onStep>)[releaseProxy]();
    }
  }

  #started(): Pipelines {
    if (this.#pipelines === undefined) throw new Error("Cannot compute before the Worker is started");
    return this.#pipelines;
  }
}

/**
 * A generation on one runtime.
 * @throws {DeviceLostError} if it is to be done again on another; every other failure is an outcome.
 */
async function attempt(
  pipeline: Pipeline,
  request: GenerationRequest,
  images: MaskImages,
  cancel: Int32Array<SharedArrayBuffer>,
  onStep: (step: GenerationStep) => void,
): Promise<GenerationOutcome> {
  try {
    for await (const output of pipeline.generate(request, images)) {
      if (output.type === "IMAGE") return output;
      onStep(output);
      if (Atomics.load(cancel, 0) !== 0) return { type: "CANCELED" };
    }
    return { type: "FAILED", code: "INTERNAL", message: "The generation ended without a picture" };
  } catch (error) {
    if (error instanceof DeviceLostError) throw error;
    return failure(error);
  }
}

function failure(error: unknown): GenerationOutcome {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "INTERNAL";
  return { type: "FAILED", code, message: error instanceof Error ? error.message : String(error) };
}

expose(new ComputeWorker());

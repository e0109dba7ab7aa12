/** The compute Worker: models and runs live here, since a run blocks its thread completely. */

import { expose, releaseProxy, type Remote, transfer } from "comlink";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Inspection } from "../model/inspect.ts";
import { ModelChangedError } from "../model/model_changed.ts";
import type { Pipeline } from "../pipeline/generate.ts";
import type { GenerationOutput, StepTiming } from "../pipeline/generation_output.ts";
import type { PictureRequest } from "../pipeline/request.ts";
import { chooseRuntime } from "../runtime/choose.ts";
import { DeviceLostError, ProviderError, type Runtime } from "../runtime/runtime.ts";
import { selfTestGraph } from "../runtime/self_test.ts";
import { type MakeThread, useThreadsOf } from "#host/engine_threads.ts";
import { Pipelines } from "./pipelines.ts";
import type {
  ComputeApi,
  ComputeOptions,
  ComputeState,
  FindFacts,
  GenerationOutcome,
  GenerationStep,
  LoadReport,
  MayFallBack,
  StartOutcome,
} from "./protocol.ts";

class ComputeWorker implements ComputeApi {
  #pipelines: Pipelines | undefined;
  #first: { readonly model: string; readonly loading: Promise<LoadReport> } | undefined;

  async start(options: ComputeOptions, makeThread: MakeThread, findFacts: FindFacts): Promise<StartOutcome> {
    useThreadsOf(makeThread);
    try {
      const runtime = await chooseRuntime(options.provider ?? "wasm", options);
      startEngine(runtime);
      this.#pipelines = new Pipelines(runtime, options, findFacts);
      const { first } = options;
      if (first !== undefined) setTimeout(() => this.#begin(first)); // reading files would hold up the answer
      return { type: "STARTED", runtime: runtime.info };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { type: "REFUSED", provider: error.provider, reason: error.reason };
    }
  }

  state(): Promise<ComputeState> {
    const { info: runtime, loaded } = this.#started();
    return Promise.resolve({ runtime, loaded });
  }

  async open(model: string): Promise<Inspection> {
    return await this.#started().open(model);
  }

  load(model: string): Promise<LoadReport> {
    const first = this.#first;
    this.#first = undefined;
    return first?.model === model ? first.loading : this.#load(model);
  }

  #begin(model: string): void {
    const loading = this.#load(model);
    loading.catch(() => {}); // whoever asks for it hears of it
    this.#first = { model, loading };
  }

  #load(model: string): Promise<LoadReport> {
    return this.#started().use<LoadReport>(model, async (pipeline) => {
      const since = performance.now();
      await pipeline.load();
      return { loadMs: performance.now() - since, nativeSize: pipeline.model.config.nativeSize };
    });
  }

  async measureStep(model: string): Promise<StepTiming | null> {
    return await this.#whileIdle(model, null, (pipeline, idle) => pipeline.measureStep(idle));
  }

  async warmUp(model: string): Promise<boolean> {
    return await this.#whileIdle(model, false, (pipeline, idle) => pipeline.warmUp(idle));
  }

  /** Background work: it is not begun, or stops, if there is other work; the result is then `otherwise`. */
  async #whileIdle<T>(
    model: string,
    otherwise: T,
    work: (pipeline: Pipeline, idle: () => boolean) => Promise<T>,
  ): Promise<T> {
    const pipelines = this.#started();
    if (pipelines.pending > 0) return otherwise;
    const { value } = await pipelines.use<MayFallBack & { readonly value: T }>(
      model,
      async (pipeline) => ({ value: await work(pipeline, () => pipelines.pending === 1) }),
    );
    return value;
  }

  async generate(
    request: PictureRequest,
    images: MaskImages,
    cancel: Int32Array<SharedArrayBuffer>,
    watched: Int32Array<SharedArrayBuffer> | null,
    onStep: (step: GenerationStep) => void,
  ): Promise<GenerationOutcome> {
    const wants = (step: number) => watched === null || Atomics.load(watched, step) !== 0;
    try {
      const outcome = await this.#started().use(
        request.model,
        (pipeline) => attempt(pipeline.generate(request, images, wants), cancel, onStep),
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

/** Has an engine compile itself while the first model's files are read; without this it does so in its first session. */
function startEngine(runtime: Runtime): void {
  runtime.createSession(selfTestGraph()).then((session) => session.release()).catch(() => {}); // its users hear of it
}

/**
 * A generation on one runtime with one state of a model.
 * @throws {DeviceLostError} {@link ModelChangedError} if it is to be done again on another; every other failure is an
 *   outcome.
 */
async function attempt(
  outputs: AsyncIterable<GenerationOutput>,
  cancel: Int32Array<SharedArrayBuffer>,
  onStep: (step: GenerationStep) => void,
): Promise<GenerationOutcome> {
  try {
    for await (const output of outputs) {
      if (output.type === "IMAGE") return output;
      onStep(output);
      if (Atomics.load(cancel, 0) !== 0) return { type: "CANCELED" };
    }
    return { type: "FAILED", code: "INTERNAL", message: "The generation ended without a picture" };
  } catch (error) {
    if (error instanceof DeviceLostError || error instanceof ModelChangedError) throw error;
    return failure(error);
  }
}

function failure(error: unknown): GenerationOutcome {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "INTERNAL";
  return { type: "FAILED", code, message: error instanceof Error ? error.message : String(error) };
}

expose(new ComputeWorker());

/** The compute Worker: models and runs live here, since a run blocks its thread completely. */

import { expose, releaseProxy, type Remote, transfer } from "comlink";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Inspection } from "../model/inspect.ts";
import { ModelChangedError } from "../model/model_changed.ts";
import { BrokenCheckpointError } from "../pipeline/checkpoint.ts";
import type { Pipeline } from "../pipeline/generate.ts";
import type { GenerationOutput, StepTiming } from "../pipeline/generation_output.ts";
import { PartExchanges } from "../pipeline/part_exchange.ts";
import { ForeignStateError, type PictureState } from "../pipeline/picture_state.ts";
import type { PictureRequest } from "../pipeline/request.ts";
import type { CallShare } from "../pipeline/shared_calls.ts";
import { chooseRuntime } from "../runtime/choose.ts";
import { DeviceLostError, ProviderError, type Runtime } from "../runtime/runtime.ts";
import { selfTestGraph } from "../runtime/self_test.ts";
import { CheckpointPace } from "./checkpoint_pace.ts";
import { type MakeThread, useThreadsOf } from "#host/engine_threads.ts";
import { Pipelines } from "./pipelines.ts";
import { packPicture, unpackPicture } from "./picture_checkpoint.ts";
import { Shares } from "./shares.ts";
import {
  type AideCalls,
  type ComputeApi,
  type ComputeOptions,
  type ComputeState,
  type Continuation,
  type FindFacts,
  type GenerationOutcome,
  type GenerationStep,
  type LoadReport,
  type MayFallBack,
  type ShareOutcome,
  type StartOutcome,
  STOP,
} from "./protocol.ts";

class ComputeWorker implements ComputeApi {
  #pipelines: Pipelines | undefined;
  readonly #shares = new Shares();
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
    stop: Int32Array<SharedArrayBuffer>,
    watched: Int32Array<SharedArrayBuffer> | null,
    { from, everyMs }: Continuation,
    onStep: (step: GenerationStep) => void,
    present: Int32Array<SharedArrayBuffer> | null,
    aides: AideCalls | null,
  ): Promise<GenerationOutcome> {
    const wants = (step: number) => watched === null || Atomics.load(watched, step) !== 0;
    const pipelines = this.#started();
    const pace = new CheckpointPace(everyMs);
    const attempt = (pipeline: Pipeline, state: PictureState | null) =>
      attemptOf(pipeline.generate(request, images, wants, state, exchanges), {
        stop,
        onStep,
        due: (state) => pace.make(() => packPicture(state, pipelines.info)),
        pack: (state) => packPicture(state, pipelines.info),
      });
    // What is done again, on another device or with other files, is done from its start, and alone: others have the files
    // and the provider that it was begun with.
    let rest = from;
    let begun = false;
    let exchanges = present && aides && exchangesWith(present, aides);
    const work = async (pipeline: Pipeline) => {
      const taken = rest;
      rest = null;
      if (begun) exchanges = null;
      begun = true;
      if (taken === null) return await attempt(pipeline, null);
      try {
        const outcome = await attempt(pipeline, unpackPicture(taken).state);
        // A state that is not what it says fails anywhere.
        if (outcome.type !== "FAILED" || outcome.code !== "INTERNAL") return outcome;
      } catch (error) {
        if (!(error instanceof ForeignStateError || error instanceof BrokenCheckpointError)) throw error;
      }
      return await attempt(pipeline, null);
    };
    try {
      return moved(await pipelines.use(request.model, work));
    } catch (error) {
      return failure(error);
    } finally {
      // What the caller gives arrives as proxies with message ports of their own.
      (onStep as Remote<typeof onStep>)[releaseProxy]();
      (aides as Remote<AideCalls> | null)?.[releaseProxy]();
    }
  }

  openShare(
    request: PictureRequest,
    images: MaskImages,
    stop: Int32Array<SharedArrayBuffer>,
  ): Promise<ShareOutcome<number>> {
    return this.#shares.open(this.#started(), { request, images, stop });
  }

  predictShare(share: number, call: CallShare): Promise<ShareOutcome<readonly Float32Array[]>> {
    return this.#shares.predict(this.#started(), share, call);
  }

  closeShare(share: number): Promise<void> {
    this.#shares.close(share);
    return Promise.resolve();
  }

  #started(): Pipelines {
    if (this.#pipelines === undefined) throw new Error("Cannot compute before the Worker is started");
    return this.#pipelines;
  }
}

/** The exchange of a picture's parts with those who are asked by messages. */
function exchangesWith(present: Int32Array<SharedArrayBuffer>, { share, collect }: AideCalls): PartExchanges {
  return new PartExchanges({ present, share, collect });
}

/** Has an engine compile itself while the first model's files are read; without this it does so in its first session. */
function startEngine(runtime: Runtime): void {
  runtime.createSession(selfTestGraph()).then((session) => session.release()).catch(() => {}); // its users hear of it
}

/**
 * A generation on one runtime with one state of a model.
 * @throws {DeviceLostError} {@link ModelChangedError} if it is to be done again on another.
 * @throws {ForeignStateError} if it is to be done again from its start. Every other failure is an outcome.
 */
async function attemptOf(
  outputs: AsyncIterable<GenerationOutput>,
  { stop, onStep, due, pack }: AttemptOptions,
): Promise<GenerationOutcome> {
  try {
    for await (const output of outputs) {
      if (output.type === "IMAGE") return output;
      const { state, ...step } = output;
      const checkpoint = state && due(state);
      onStep(checkpoint ? transfer({ ...step, checkpoint }, [checkpoint.buffer]) : { ...step, checkpoint });
      const asked = Atomics.load(stop, 0);
      if (asked === STOP.cancel) return { type: "CANCELED" };
      if (asked === STOP.drain && state !== null) return { type: "CANCELED", checkpoint: pack(state) };
    }
    return { type: "FAILED", code: "INTERNAL", message: "The generation ended without a picture" };
  } catch (error) {
    if (DONE_AGAIN.some((type) => error instanceof type)) throw error;
    return failure(error);
  }
}

/** What an attempt may fail of that another one may not. */
const DONE_AGAIN = [DeviceLostError, ModelChangedError, ForeignStateError];

interface AttemptOptions {
  readonly stop: Int32Array<SharedArrayBuffer>;
  readonly onStep: (step: GenerationStep) => void;
  /** A checkpoint, where one is due. */
  readonly due: (state: PictureState) => Uint8Array<ArrayBuffer> | null;
  /** A checkpoint, whether one is due or not. */
  readonly pack: (state: PictureState) => Uint8Array<ArrayBuffer>;
}

/** An outcome whose bytes are not copied on their way. */
function moved(outcome: GenerationOutcome): GenerationOutcome {
  if (outcome.type === "IMAGE") return transfer(outcome, [outcome.image.data.buffer]);
  if (outcome.type !== "CANCELED" || outcome.checkpoint === undefined) return outcome;
  return transfer(outcome, [outcome.checkpoint.buffer]);
}

function failure(error: unknown): GenerationOutcome {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "INTERNAL";
  return { type: "FAILED", code, message: error instanceof Error ? error.message : String(error) };
}

expose(new ComputeWorker());

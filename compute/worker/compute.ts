/** The server's handle on the compute Worker. */

import { getLogger } from "@logtape/logtape";
import { proxy, type Remote } from "comlink";
import { type MaskImages, NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { LiveWorker } from "../../workers/live_worker.ts";
import type { Inspection } from "../model/inspect.ts";
import type { StepTiming } from "../pipeline/generation_output.ts";
import type { PictureRequest } from "../pipeline/request.ts";
import { type Share, ShareError } from "../pipeline/shared_calls.ts";
import { ProviderError, type RuntimeInfo } from "../runtime/runtime.ts";
import { EngineThreads } from "#host/engine_threads.ts";
import {
  type ComputeApi,
  type ComputeOptions,
  type Continuation,
  type FindFacts,
  type GenerationOutcome,
  type LoadReport,
  type StartOutcome,
  STOP,
} from "./protocol.ts";
import { askable } from "./askable_aides.ts";
import type { GenerateOptions } from "./generate_options.ts";
import { openShareOf } from "./remote_share.ts";

export type { GenerateOptions } from "./generate_options.ts";
export type { ComputeOptions, GenerationOutcome, GenerationStep, LoadReport } from "./protocol.ts";

const log = getLogger(["parterre", "compute"]);

/** What a compute Worker runs. */
export const COMPUTE_SCRIPT: URL = new URL("./compute_worker.ts", import.meta.url);

/** From the start to the end. */
const IN_ONE_GO: Continuation = { from: null, everyMs: null };

/**
 * A running compute Worker. If it dies, what it was doing fails and the next call starts another.
 *
 * @example
 * ```ts
 * import { Compute } from "./compute.ts";
 *
 * const compute = await Compute.start({ modelsFolder: "models", threads: 2 });
 * const { nativeSize } = await compute.load("beds-256-lcm");
 * console.log(`${nativeSize} pixels on ${compute.runtime.provider}; in memory: ${[...compute.loaded]}`);
 * compute.close();
 * ```
 */
export class Compute {
  #restart: Promise<LiveWorker<ComputeApi>> | undefined;
  #closed = false;
  private inMemory: ReadonlySet<string> = new Set();

  private constructor(
    private readonly options: ComputeOptions,
    private readonly script: URL,
    private readonly findFacts: FindFacts,
    private live: LiveWorker<ComputeApi>,
    private latest: RuntimeInfo,
  ) {}

  /**
   * Starts the Worker; models load when they are first used, but for the one that is named to be the first.
   * @param script What the Worker runs: {@link COMPUTE_SCRIPT}, or a test's module around it.
   * @param findFacts What the caller knows of models: their graphs are then not looked into again.
   * @throws {ProviderError} if a provider was named that cannot work here.
   */
  static async start(
    options: ComputeOptions,
    script: URL = COMPUTE_SCRIPT,
    findFacts: FindFacts = () => undefined,
  ): Promise<Compute> {
    const { live, runtime } = await startWorker(options, script, findFacts);
    const { first: _, ...again } = options; // a model that brings a Worker down must not do so at every restart
    return new Compute(again, script, findFacts, live, runtime);
  }

  /** The provider that computes now, and why: another one after its device was lost. */
  get runtime(): RuntimeInfo {
    return this.latest;
  }

  /** Names of the models in memory. */
  get loaded(): ReadonlySet<string> {
    return this.inMemory;
  }

  /** Looks into a model. {@link load} then need not read its files again, nor need this after a load. */
  async open(model: string): Promise<Inspection> {
    const live = await this.#worker();
    return await live.call<Inspection>((api) => api.open(model));
  }

  /** Loads a model ahead of its first use. */
  load(model: string): Promise<LoadReport> {
    return this.#prepare((api) => api.load(model));
  }

  /**
   * What a guided step of a plain picture at native size takes. Whatever else is asked for goes first, as with
   * {@link warmUp}; then null.
   */
  measureStep(model: string): Promise<StepTiming | null> {
    return this.#prepare((api) => api.measureStep(model));
  }

  /**
   * Makes a model's first picture about as fast as those after it, by painting one and discarding it. Whatever else is asked
   * for goes first: it waits for a step, or for the decoding, and ends this.
   * @returns Whether it came to its end.
   */
  warmUp(model: string): Promise<boolean> {
    return this.#prepare((api) => api.warmUp(model));
  }

  /** Computes a generation. Never rejects: every way it can end is an outcome. */
  async generate(request: PictureRequest, options: GenerateOptions = {}): Promise<GenerationOutcome> {
    const { images = NO_IMAGES, onStep, watched = null, signal, drain, continuation = IN_ONE_GO, aides = null } =
      options;
    // Shared memory, because a message would wait until the Worker's thread is free.
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const cancel = () => Atomics.store(stop, 0, STOP.cancel);
    const halt = () => Atomics.compareExchange(stop, 0, STOP.none, STOP.drain);
    if (signal?.aborted || drain?.aborted) return { type: "CANCELED" };
    signal?.addEventListener("abort", cancel);
    drain?.addEventListener("abort", halt);
    try {
      const live = await this.#worker();
      const outcome = await live.call<GenerationOutcome>((api) =>
        api.generate(
          request,
          images,
          stop,
          watched,
          continuation,
          proxy((step) => onStep?.(step)),
          aides && aides.present,
          aides && proxy(askable(aides)),
        )
      );
      await this.#refresh(live);
      return outcome;
    } catch (error) {
      if (this.#closed) return { type: "CANCELED" };
      if (error instanceof ProviderError) return { type: "FAILED", code: error.code, message: error.message };
      const message = error instanceof Error ? error.message : String(error);
      return { type: "FAILED", code: "COMPUTE_LOST", message: `The compute worker died: ${message}` };
    } finally {
      signal?.removeEventListener("abort", cancel);
      drain?.removeEventListener("abort", halt);
    }
  }

  /**
   * Prepares the making of parts of another worker's picture. It holds up nothing: other calls have their turns between
   * its predictions.
   * @param request As the other has it; its model must have the same files here, and its LoRAs too.
   * @param images As for {@link generate}.
   * @throws {ShareError}
   */
  async openShare(request: PictureRequest, images: MaskImages = NO_IMAGES): Promise<Share> {
    const live = await this.#worker().catch((error: Error) => {
      throw new ShareError("LOST", error.message);
    });
    return await openShareOf(live, () => this.#refresh(live), request, images);
  }

  /** Resolves once there is a Worker that takes calls: at once, unless the one before died. */
  async ready(): Promise<void> {
    await this.#worker();
  }

  /**
   * Ends the Worker at once, also in the middle of a step. A generation that it was computing is CANCELED; other calls,
   * and later ones, fail. Closing again does nothing.
   */
  close(): void {
    this.#closed = true;
    this.live.end(closedError());
  }

  /** A call that may change which models are in memory, or what computes. */
  async #prepare<T>(call: (api: Remote<ComputeApi>) => Promise<T>): Promise<T> {
    const live = await this.#worker();
    try {
      return await live.call(call);
    } finally {
      await this.#refresh(live);
    }
  }

  /** The Worker, or its successor if it died. */
  async #worker(): Promise<LiveWorker<ComputeApi>> {
    if (this.#closed) throw closedError();
    if (!this.live.dead) return this.live;
    this.#restart ??= startWorker(this.options, this.script, this.findFacts)
      .then(({ live, runtime }) => {
        if (this.#closed) live.end(closedError());
        this.latest = runtime;
        this.inMemory = new Set();
        return this.live = live;
      })
      .finally(() => this.#restart = undefined);
    return await this.#restart;
  }

  /** Learns which models are in memory now, and whether a lost device changed what computes. */
  async #refresh(live: LiveWorker<ComputeApi>): Promise<void> {
    const { provider } = this.latest;
    if (live.dead) return;
    const { runtime, loaded } = await live.call((api) => api.state());
    this.latest = runtime;
    this.inMemory = new Set(loaded);
    const [failed] = this.latest.rejected.filter((rejected) => rejected.provider === provider);
    if (failed !== undefined) {
      log.warn("Went on with {now}: {reason}", { now: this.latest.provider, reason: failed.reason });
    }
  }
}

function closedError(): Error {
  return new Error("The compute worker was closed");
}

async function startWorker(
  options: ComputeOptions,
  script: URL,
  findFacts: FindFacts,
): Promise<{ live: LiveWorker<ComputeApi>; runtime: RuntimeInfo }> {
  const threads = new EngineThreads();
  const live = new LiveWorker<ComputeApi>(script, "compute", undefined, () => threads.end());
  try {
    const outcome = await live.call<StartOutcome>((api) => api.start(options, proxy(threads.make), proxy(findFacts)));
    if (outcome.type === "REFUSED") throw new ProviderError(outcome.provider, outcome.reason);
    return { live, runtime: outcome.runtime };
  } catch (error) {
    live.end(new Error("The compute worker could not be started"));
    throw error;
  }
}

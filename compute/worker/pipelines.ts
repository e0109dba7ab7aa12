/** The runtime in use and the pipelines loaded on it, replaced by WASM when its device is lost. */

import { join } from "node:path";
import { inspectModel, UnusableModelError } from "../model/inspect.ts";
import { DiffusionModel } from "../model/model.ts";
import { Pipeline } from "../pipeline/generate.ts";
import { Mutex } from "../runtime/mutex.ts";
import { replacementFor } from "../runtime/choose.ts";
import { DeviceLostError, type RejectedProvider, type Runtime, type RuntimeInfo } from "../runtime/runtime.ts";
import type { ComputeOptions, MayFallBack } from "./protocol.ts";

/** Pipelines by model name, on a runtime that may change under them. */
export class Pipelines {
  #runtime: Runtime;
  #loaded = new Map<string, LoadedPipeline>();
  readonly #turns = new Mutex();

  constructor(runtime: Runtime, private readonly options: ComputeOptions) {
    this.#runtime = runtime;
  }

  /** Names of the models in memory. */
  get loaded(): readonly string[] {
    return [...this.#loaded.keys()];
  }

  /** How many calls of `use` have not ended. */
  get pending(): number {
    return this.#turns.pending;
  }

  /** What computes now. */
  get info(): RuntimeInfo {
    return this.#runtime.info;
  }

  /**
   * Works with a model's pipeline. If the device is lost meanwhile, the work is done again from its start, once, with
   * a pipeline on WASM.
   */
  use<T extends MayFallBack>(model: string, work: (pipeline: Pipeline) => Promise<T>): Promise<T> {
    // One at a time: a model must not make room for another while it works.
    return this.#turns.run(() => this.#use(model, work));
  }

  async #use<T extends MayFallBack>(model: string, work: (pipeline: Pipeline) => Promise<T>): Promise<T> {
    const runtime = this.#runtime;
    try {
      return await work(await this.#pipeline(model));
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      const fellBackFrom = { provider: runtime.info.provider, reason: error.message };
      if (this.#runtime === runtime) this.#replace(fellBackFrom);
      return { ...await work(await this.#pipeline(model)), fellBackFrom };
    }
  }

  #replace(failed: RejectedProvider): void {
    const { rejected } = this.#runtime.info;
    // Their sessions went with the device, so there is nothing to release.
    this.#loaded = new Map();
    this.#runtime.dispose();
    this.#runtime = replacementFor([...rejected, failed], this.options);
  }

  /** A model's pipeline; what was used longest ago makes room for it. */
  async #pipeline(name: string): Promise<Pipeline> {
    const loaded = this.#loaded.get(name) ?? await this.#admit(name);
    this.#loaded.delete(name);
    this.#loaded.set(name, loaded); // a Map keeps the order of insertion: the last is the latest used
    return loaded.pipeline;
  }

  async #admit(name: string): Promise<LoadedPipeline> {
    const folder = join(this.options.modelsFolder, name);
    const inspection = inspectModel(folder, name);
    if (!inspection.usable) throw new UnusableModelError(inspection.refused);
    const { memoryBytes } = inspection;
    const { memoryBudget = Infinity } = this.options;
    if (memoryBytes > memoryBudget) {
      throw new UnusableModelError(
        `Cannot load "${name}": it takes about ${mib(memoryBytes)}, and the memory budget is ${mib(memoryBudget)}`,
      );
    }
    const total = () => [...this.#loaded.values()].reduce((sum, entry) => sum + entry.memoryBytes, 0);
    for (const [oldest, entry] of this.#loaded) {
      if (total() + memoryBytes <= memoryBudget) break;
      this.#loaded.delete(oldest);
      await entry.pipeline.model.release();
    }
    return { pipeline: new Pipeline(new DiffusionModel(this.#runtime, folder, name)), memoryBytes };
  }
}

interface LoadedPipeline {
  readonly pipeline: Pipeline;
  /** Estimated. */
  readonly memoryBytes: number;
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** The runtime in use and the pipelines loaded on it, replaced by WASM when its device is lost. */

import { join } from "node:path";
import { type Inspection, type OpenedModel, openModel, UnusableModelError } from "../model/inspect.ts";
import { DiffusionModel } from "../model/model.ts";
import { Pipeline } from "../pipeline/generate.ts";
import { PreviewMaps } from "../pipeline/preview_maps.ts";
import { Mutex } from "../runtime/mutex.ts";
import { replacementFor } from "../runtime/choose.ts";
import { DeviceLostError, type RejectedProvider, type Runtime, type RuntimeInfo } from "../runtime/runtime.ts";
import type { ComputeOptions, MayFallBack } from "./protocol.ts";

/** Pipelines by model name, on a runtime that may change under them. */
export class Pipelines {
  #runtime: Runtime;
  #loaded = new Map<string, LoadedPipeline>();
  readonly #turns = new Mutex();

  readonly #budget: number;
  readonly #previewMaps: PreviewMaps;

  constructor(runtime: Runtime, private readonly options: ComputeOptions) {
    const { memoryBudget = Infinity, cacheFolder } = options;
    this.#runtime = runtime;
    this.#budget = memoryBudget;
    this.#previewMaps = new PreviewMaps(cacheFolder === undefined ? null : join(cacheFolder, "preview-maps"));
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

  /** Looks into a model. One that fits into memory is then at hand, its graphs read. */
  async open(name: string): Promise<Inspection> {
    return this.#known(name) ?? await this.#turns.run(async () => {
      const known = this.#known(name);
      if (known !== undefined) return known;
      const opened = this.#look(name);
      if (!opened.usable) return opened;
      const { memoryBytes, maxClipSkip } = opened;
      if (memoryBytes <= this.#budget) this.#loaded.set(name, await this.#admit(name, opened));
      return { usable: true, memoryBytes, maxClipSkip };
    });
  }

  #known(name: string): Inspection | undefined {
    const loaded = this.#loaded.get(name);
    return loaded && { usable: true, memoryBytes: loaded.memoryBytes, maxClipSkip: loaded.maxClipSkip };
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
    const loaded = this.#loaded.get(name) ?? await this.#admit(name, this.#look(name));
    this.#loaded.delete(name);
    this.#loaded.set(name, loaded); // a Map keeps the order of insertion: the last is the latest used
    return loaded.pipeline;
  }

  #look(name: string): OpenedModel {
    return openModel(this.#folderOf(name), name);
  }

  #folderOf(name: string): string {
    return join(this.options.modelsFolder, name);
  }

  async #admit(name: string, opened: OpenedModel): Promise<LoadedPipeline> {
    if (!opened.usable) throw new UnusableModelError(opened.refused);
    const { memoryBytes, maxClipSkip, graphs } = opened;
    if (memoryBytes > this.#budget) {
      throw new UnusableModelError(
        `Cannot load "${name}": it takes about ${mib(memoryBytes)}, and the memory budget is ${mib(this.#budget)}`,
      );
    }
    const total = () => [...this.#loaded.values()].reduce((sum, entry) => sum + entry.memoryBytes, 0);
    for (const [oldest, entry] of this.#loaded) {
      if (total() + memoryBytes <= this.#budget) break;
      this.#loaded.delete(oldest);
      await entry.pipeline.model.release();
    }
    const model = new DiffusionModel(this.#runtime, this.#folderOf(name), name, graphs);
    return { pipeline: new Pipeline(model, this.#previewMaps), memoryBytes, maxClipSkip };
  }
}

interface LoadedPipeline {
  readonly pipeline: Pipeline;
  /** Estimated. */
  readonly memoryBytes: number;
  readonly maxClipSkip: number;
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

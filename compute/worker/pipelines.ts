/** The runtime in use and the pipelines loaded on it, replaced by WASM when its device is lost. */

import { join } from "node:path";
import { LoraLibrary } from "../lora/lora_library.ts";
import { type Inspection, type OpenedModel, openModel, UnusableModelError } from "../model/inspect.ts";
import { DiffusionModel } from "../model/model.ts";
import { ModelChangedError } from "../model/model_changed.ts";
import { lookAtModel } from "../model/model_stamps.ts";
import { Pipeline } from "../pipeline/generate.ts";
import { PreviewMaps } from "../pipeline/preview_maps.ts";
import { Mutex } from "../../workers/mutex.ts";
import { replacementFor } from "../runtime/choose.ts";
import { DeviceLostError, type RejectedProvider, type Runtime, type RuntimeInfo } from "../runtime/runtime.ts";
import type { ComputeOptions, FindFacts, MayFallBack } from "./protocol.ts";

/** Pipelines by model name, on a runtime that may change under them. */
export class Pipelines {
  #runtime: Runtime;
  #loaded = new Map<string, LoadedPipeline>();
  readonly #turns = new Mutex();

  readonly #budget: number;
  readonly #previewMaps: PreviewMaps;
  readonly #library: LoraLibrary;

  /** @param findFacts What others know of models. */
  constructor(runtime: Runtime, private readonly options: ComputeOptions, private readonly findFacts: FindFacts) {
    const { memoryBudget = Infinity, cacheFolder, lorasFolder = null } = options;
    this.#library = new LoraLibrary(lorasFolder);
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
   * Works with a model's pipeline, which is that of its files as they are when the work begins: those of before are
   * dropped then. If they change before all of them that it needs are read, the work is done again. If the device is lost meanwhile, the work is done again from its start, once, with
   * a pipeline on WASM.
   */
  use<T extends MayFallBack>(model: string, work: (pipeline: Pipeline) => Promise<T>): Promise<T> {
    // One at a time: a model must not make room for another while it works.
    return this.#turns.run(() => this.#use(model, work));
  }

  /** Looks into a model. One that fits into memory then has its graphs read already. */
  async open(name: string): Promise<Inspection> {
    return this.#known(name) ?? await this.#turns.run(async () => {
      const known = this.#known(name);
      if (known !== undefined) return known;
      const stamp = this.#stampOf(name);
      const opened = await this.#look(name);
      if (!opened.usable) return opened;
      const { memoryBytes, maxClipSkip } = opened;
      if (memoryBytes <= this.#budget) this.#loaded.set(name, await this.#admit(name, stamp, opened));
      return { usable: true, memoryBytes, maxClipSkip };
    });
  }

  #known(name: string): Inspection | undefined {
    const loaded = this.#loaded.get(name);
    if (loaded?.stamp !== this.#stampOf(name)) return undefined;
    const { memoryBytes, maxClipSkip } = loaded;
    return { usable: true, memoryBytes, maxClipSkip };
  }

  async #use<T extends MayFallBack>(model: string, work: (pipeline: Pipeline) => Promise<T>): Promise<T> {
    try {
      return await this.#useOnce(model, work);
    } catch (error) {
      if (!(error instanceof ModelChangedError)) throw error;
      return await this.#useOnce(model, work);
    }
  }

  async #useOnce<T extends MayFallBack>(model: string, work: (pipeline: Pipeline) => Promise<T>): Promise<T> {
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

  /** A model's pipeline, of its files as they are now; what was used longest ago makes room for it. */
  async #pipeline(name: string): Promise<Pipeline> {
    const stamp = this.#stampOf(name);
    const known = this.#loaded.get(name);
    if (known !== undefined && known.stamp !== stamp) await this.#drop(name, known);
    const loaded = this.#loaded.get(name) ?? await this.#admit(name, stamp, await this.#look(name));
    this.#loaded.delete(name);
    this.#loaded.set(name, loaded); // a Map keeps the order of insertion: the last is the latest used
    const { parts } = loaded.pipeline.model;
    parts.spare = Math.max(0, this.#budget - this.#total() + parts.extraBytes);
    return loaded.pipeline;
  }

  async #look(name: string): Promise<OpenedModel> {
    return openModel(this.#folderOf(name), name, await this.findFacts(name));
  }

  /** Of all files that a pipeline is made from. */
  #stampOf(name: string): string {
    const { graphs, tokenizers, previewMap } = lookAtModel(this.#folderOf(name)).stamps;
    return JSON.stringify([graphs, tokenizers, previewMap]);
  }

  async #drop(name: string, { pipeline }: LoadedPipeline): Promise<void> {
    this.#loaded.delete(name);
    await pipeline.model.release();
  }

  #folderOf(name: string): string {
    return join(this.options.modelsFolder, name);
  }

  async #admit(name: string, stamp: string, opened: OpenedModel): Promise<LoadedPipeline> {
    if (!opened.usable) throw new UnusableModelError(opened.refused);
    const { memoryBytes, maxClipSkip, graphs } = opened;
    if (memoryBytes > this.#budget) {
      throw new UnusableModelError(
        `Cannot load "${name}": it takes about ${mib(memoryBytes)}, and the memory budget is ${mib(this.#budget)}`,
      );
    }
    for (const [oldest, entry] of this.#loaded) {
      if (this.#total() + memoryBytes <= this.#budget) break;
      await this.#drop(oldest, entry);
    }
    const model = new DiffusionModel(this.#runtime, this.#folderOf(name), name, graphs);
    return { pipeline: new Pipeline(model, this.#previewMaps, this.#library), memoryBytes, maxClipSkip, stamp };
  }

  /** Estimated bytes of all models in memory, with what LoRAs have added to them. */
  #total(): number {
    return [...this.#loaded.values()]
      .reduce((sum, { memoryBytes, pipeline }) => sum + memoryBytes + pipeline.model.parts.extraBytes, 0);
  }
}

interface LoadedPipeline {
  readonly pipeline: Pipeline;
  /** Estimated. */
  readonly memoryBytes: number;
  readonly maxClipSkip: number;
  /** Of the files that it was made from. */
  readonly stamp: string;
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

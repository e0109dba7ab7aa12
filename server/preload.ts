/** The head start: the compute Worker and the models that are loaded before they are asked for. */

import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { ModelCatalog } from "../compute/model/catalog.ts";
import { Compute, COMPUTE_SCRIPT } from "../compute/worker/compute.ts";
import type { Estimator } from "../requests/estimator.ts";
import { checkModels } from "./check_machine.ts";
import type { Config } from "./config.ts";

const log = getLogger(["parterre", "server"]);

/** The largest default model that is loaded at the start unasked, in bytes on disk. */
const PRELOAD_BYTES = 256 * 2 ** 20;

/** The longest step, in milliseconds, of a model that is warmed up once it is loaded. */
const WARM_UP_STEP_MS = 1000;

/** What learns from a model's loading. */
export interface PreloadServices {
  readonly estimator: Estimator;
  readonly closing: AbortSignal;
}

/** A compute Worker that starts, and loads the first of the models to be preloaded, while the rest of the server starts. */
export class Preload {
  /** Fails with a `ProviderError` if a provider was named that cannot work here; null for a process that does not paint. */
  readonly compute: Promise<Compute> | null;
  /** What is known of the models. */
  readonly catalog: ModelCatalog;
  readonly #models: readonly string[];

  /** @throws {ConfigError} if the folder of models, or a model that is to be loaded, cannot be used. */
  constructor(config: Config) {
    const { modelsFolder, lorasFolder, threads, provider, memoryBudget, dataFolder } = config;
    this.catalog = new ModelCatalog(modelsFolder, { lorasFolder });
    checkModels(config, this.catalog);
    this.#models = modelsToLoad(config, this.catalog);
    if (config.role === "server") {
      this.compute = null;
      return;
    }
    const [first] = this.#models;
    const options = {
      modelsFolder,
      lorasFolder,
      threads,
      provider,
      memoryBudget,
      cacheFolder: join(dataFolder, "cache"),
      ...first !== undefined && { first },
    };
    this.compute = Compute.start(options, COMPUTE_SCRIPT, (model) => this.catalog.factsOf(model));
    this.compute.catch(() => {}); // whoever awaits it hears of it
  }

  /** Ends the Worker, for a server that could not be started after all. */
  async end(): Promise<void> {
    await this.compute?.then((compute) => compute.close(), () => {});
  }

  /**
   * Loads the models, so that the first picture comes sooner and has an estimate. Those whose steps are quick are warmed
   * up too; of the others the first picture takes little longer than the next. What is asked for meanwhile goes before
   * everything that it does not need.
   */
  async run({ estimator, closing }: PreloadServices): Promise<void> {
    const compute = await this.compute;
    if (compute === null) return;
    for (const model of this.#models) {
      if (closing.aborted) return;
      try {
        this.catalog.remember(model, compute.open(model)); // requests are checked against what it finds
        const { loadMs, nativeSize } = await compute.load(model);
        log.info("Loaded {model} in {loadMs} ms", { model, loadMs: Math.round(loadMs) });
        const measured = await compute.measureStep(model);
        if (measured === null) continue; // pictures are under way, and teach more
        estimator.record({ model, width: nativeSize, height: nativeSize, previews: "linear" }, measured);
        if (measured.stepMs <= WARM_UP_STEP_MS) await compute.warmUp(model);
      } catch (error) {
        if (closing.aborted) return;
        log.error("Cannot preload {model}: {error}", { model, error });
      }
    }
  }
}

function modelsToLoad({ preload }: Config, catalog: ModelCatalog): readonly string[] {
  if (preload !== "auto") return preload;
  const first = catalog.firstUsable();
  return first !== undefined && first.bytes <= PRELOAD_BYTES ? [first.name] : [];
}

/** The head start: the compute Worker and the models that are loaded before they are asked for. */

import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { ModelCatalog } from "../compute/model/catalog.ts";
import { Compute } from "../compute/worker/compute.ts";
import type { ModelInspector } from "../compute/worker/inspector.ts";
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
  readonly inspector: ModelInspector;
  readonly estimator: Estimator;
  readonly closing: AbortSignal;
}

/** A compute Worker that starts, and loads the first of the models to be preloaded, while the rest of the server starts. */
export class Preload {
  /** Fails with a `ProviderError` if a provider was named that cannot work here. */
  readonly compute: Promise<Compute>;
  readonly #models: readonly string[];

  /** @throws {ConfigError} if the folder of models, or a model that is to be loaded, cannot be used. */
  constructor(config: Config) {
    checkModels(config);
    const { modelsFolder, lorasFolder, threads, provider, memoryBudget, dataFolder } = config;
    this.#models = modelsToLoad(config);
    const [first] = this.#models;
    this.compute = Compute.start({
      modelsFolder,
      lorasFolder,
      threads,
      provider,
      memoryBudget,
      cacheFolder: join(dataFolder, "cache"),
      ...first !== undefined && { first },
    });
    this.compute.catch(() => {}); // whoever awaits it hears of it
  }

  /** Ends the Worker, for a server that could not be started after all. */
  async end(): Promise<void> {
    await this.compute.then((compute) => compute.close(), () => {});
  }

  /**
   * Loads the models, so that the first picture comes sooner and has an estimate. Those whose steps are quick are warmed
   * up too; of the others the first picture takes little longer than the next. What is asked for meanwhile goes before
   * everything that it does not need.
   */
  async run({ inspector, estimator, closing }: PreloadServices): Promise<void> {
    const compute = await this.compute;
    for (const model of this.#models) {
      if (closing.aborted) return;
      try {
        inspector.remember(model, compute.open(model)); // requests are checked against what it finds
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

function modelsToLoad({ preload, modelsFolder }: Config): readonly string[] {
  if (preload !== "auto") return preload;
  const [first] = new ModelCatalog(modelsFolder).list().filter((entry) => "config" in entry);
  return first !== undefined && first.bytes <= PRELOAD_BYTES ? [first.name] : [];
}

/** What tests of the worker loop work with: a real store, a real model and real Workers. */

import { fileURLToPath } from "node:url";
import { StorageError } from "../../assets/storage_error.ts";
import { ModelCatalog } from "../../compute/model/catalog.ts";
import { Compute } from "../../compute/worker/compute.ts";
import { ImageDecoder } from "../../image/decoder.ts";
import { ImageEncoder } from "../../image/encoder.ts";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { GenerationObserver } from "../../jobs/observer.ts";
import { PreviewWatchers } from "../../jobs/preview_watchers.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { Runner, type RunnerOptions, type RunnerServices } from "../../jobs/runner.ts";
import { Estimator } from "../../requests/estimator.ts";
import { MaskLibrary } from "../../requests/mask_library.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import { requestFor } from "./requests.ts";

const modelsFolder = fileURLToPath(new URL("../fixtures/models", import.meta.url));
export const REQUEST: GenerationRequest = {
  ...requestFor("a fox"),
  model: "tiny-lcm",
  width: 32,
  height: 32,
  steps: 3,
};

/** What takes a second or so, in steps that remember and draw noise. */
export const LONG: GenerationRequest = {
  ...REQUEST,
  model: "tiny-sd15",
  width: 96,
  height: 96,
  steps: 24,
  sampler: "dpmpp-2m-sde",
};

// What takes long to start is started once.
export const compute = await Compute.start({ modelsFolder, threads: 1 });
export const models = new ModelCatalog(modelsFolder);
const encoder = new ImageEncoder();
const decoder = new ImageDecoder({ maxPixels: 2 ** 20 });
Deno.test.afterAll(() => [compute, encoder, decoder].forEach((worker) => worker.close()));

/** What every test works with. */
export interface Workshop {
  readonly store: Store;
  readonly services: RunnerServices;
  /** Numbers of the steps that were taken, in order. */
  readonly steps: readonly number[];
  /** Starts a worker, which ends with the test. */
  work(options?: Partial<RunnerOptions> & { readonly services?: Partial<RunnerServices> }): Worker;
  /** What is told of a generation until it is finished. */
  follow(id: string): Promise<readonly GenerationEvent[]>;
}

interface Worker {
  /** Ends it as a shutdown does. */
  end(): Promise<void>;
}

/**
 * @param onStep Called at each step with its number, before it is recorded.
 * @param folder The data folder, which goes with the test.
 */
export async function inWorkshop(
  body: (workshop: Workshop) => Promise<void>,
  onStep: (step: number) => void = () => {},
  folder: string = Deno.makeTempDirSync({ prefix: "parterre-test-" }),
): Promise<void> {
  const store = await openStore(folder, { pollMs: 10 });
  const services: RunnerServices = {
    work: store.work,
    assets: store.assets,
    files: store.files,
    checkpoints: store.checkpoints,
    masks: new MaskLibrary(store.assets, decoder),
    compute,
    models,
    encoder,
    estimator: new Estimator(),
    watchers: new PreviewWatchers(),
  };
  const steps: number[] = [];
  const observer: GenerationObserver = {
    statusChanged() {},
    stepTaken(_generation, { step }) {
      steps.push(step);
      onStep(step);
    },
  };
  const workers: Worker[] = [];
  const work: Workshop["work"] = ({ services: others = {}, ...options } = {}) => {
    const ended = new AbortController();
    const runner = new Runner({ ...services, ...others }, { workerId: "test", observer, ...options });
    const running = runner.run(ended.signal);
    const worker = {
      end: () => {
        ended.abort();
        return running;
      },
    };
    workers.push(worker);
    return worker;
  };
  const follow = async (id: string) => {
    const events: GenerationEvent[] = [];
    for await (const event of store.events.follow(id, 0, AbortSignal.timeout(20_000))) events.push(event);
    return events;
  };
  try {
    await body({ store, services, steps, work, follow });
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

export const statusesOf = (events: readonly GenerationEvent[]): readonly string[] =>
  events.flatMap((event) => event.type === "STATUS" ? [event.status] : []);

/** The same object, of which some methods fail while `fault` gives them an error. */
export function failing<T extends object>(target: T, names: readonly (keyof T)[], fault: () => Error | null): T {
  return new Proxy(target, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const error = (names as readonly PropertyKey[]).includes(name) ? fault() : null;
      return error === null ? value.bind(target) : () => Promise.reject(error);
    },
  });
}

export const full = (): StorageError => new StorageError("STORAGE_FULL", new Error("no space left"));

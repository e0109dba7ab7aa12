/** The worker loop with a real store, a real model and real Workers; of the store, some calls are made to fail. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { StorageError } from "../../assets/storage_error.ts";
import { Compute } from "../../compute/worker/compute.ts";
import { ModelCatalog } from "../../compute/model/catalog.ts";
import { ImageDecoder } from "../../image/decoder.ts";
import { ImageEncoder } from "../../image/encoder.ts";
import { decodePng } from "../../image/png.ts";
import { readPictureTexts } from "../../image/metadata/read_picture_texts.ts";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { GenerationObserver } from "../../jobs/observer.ts";
import { PreviewWatchers } from "../../jobs/preview_watchers.ts";
import { Runner, type RunnerOptions, type RunnerServices } from "../../jobs/runner.ts";
import { Estimator } from "../../requests/estimator.ts";
import { MaskLibrary } from "../../requests/mask_library.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import { requestFor } from "./requests.ts";

const modelsFolder = fileURLToPath(new URL("../fixtures/models", import.meta.url));
const REQUEST = { ...requestFor("a fox"), model: "tiny-lcm", width: 32, height: 32, steps: 3 };

// What takes long to start is started once.
const compute = await Compute.start({ modelsFolder, threads: 1 });
const models = new ModelCatalog(modelsFolder);
const encoder = new ImageEncoder();
const decoder = new ImageDecoder({ maxPixels: 2 ** 20 });
Deno.test.afterAll(() => [compute, encoder, decoder].forEach((worker) => worker.close()));

/** What every test works with. */
interface Workshop {
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

/** @param onStep Called at each step, before it is recorded. */
async function inWorkshop(body: (workshop: Workshop) => Promise<void>, onStep = () => {}): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const store = await openStore(folder, { pollMs: 10 });
  const services: RunnerServices = {
    work: store.work,
    assets: store.assets,
    files: store.files,
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
      onStep();
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

const statusesOf = (events: readonly GenerationEvent[]) =>
  events.flatMap((event) => event.type === "STATUS" ? [event.status] : []);

/** The same object, of which some methods fail while `fault` gives them an error. */
function failing<T extends object>(target: T, names: readonly (keyof T)[], fault: () => Error | null): T {
  return new Proxy(target, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const error = (names as readonly PropertyKey[]).includes(name) ? fault() : null;
      return error === null ? value.bind(target) : () => Promise.reject(error);
    },
  });
}

const full = () => new StorageError("STORAGE_FULL", new Error("no space left"));

Deno.test("a generation is painted: its steps, its previews and its picture are stored", () =>
  inWorkshop(async ({ store, steps, work, follow }) => {
    const { generation: { id } } = await store.queue.enqueue(REQUEST);
    work();
    const events = await follow(id);
    assert.deepEqual(statusesOf(events), ["QUEUED", "RUNNING", "SUCCEEDED"]);
    assert.deepEqual(steps, [1, 2, 3]);
    assert.equal(events.filter(({ type }) => type === "PREVIEW").length, 3);
    const { image, metrics } = await store.generations.get(id) ?? {};
    const asset = await store.assets.get(image?.assetKey ?? "");
    const bytes = asset?.bytes ?? new Uint8Array();
    const { pixels } = decodePng(bytes);
    assert.deepEqual([pixels.width, pixels.height, bytes.length], [32, 32, image?.bytes]);
    assert.match(JSON.stringify(readPictureTexts(bytes)), /a fox/, "it carries its request");
    assert.ok(Number(metrics?.["denoiseMs"]) > 0);
  }));

Deno.test("a generation whose model is not there fails with the reason, and the next one is painted", () =>
  inWorkshop(async ({ store, work, follow }) => {
    const { generation: lost } = await store.queue.enqueue({ ...REQUEST, model: "nowhere" });
    const { generation: next } = await store.queue.enqueue(REQUEST);
    work();
    assert.deepEqual(statusesOf(await follow(lost.id)), ["QUEUED", "RUNNING", "FAILED"]);
    assert.match((await store.generations.get(lost.id))?.error?.message ?? "", /nowhere/);
    assert.deepEqual(statusesOf(await follow(next.id)), ["QUEUED", "RUNNING", "SUCCEEDED"]);
  }));

Deno.test("a worker that shuts down lets go of what it paints, and another paints it", () => {
  const began = Promise.withResolvers<void>();
  return inWorkshop(async ({ store, steps, work, follow }) => {
    const { generation: { id } } = await store.queue.enqueue({ ...REQUEST, steps: 40 });
    const first = work();
    await began.promise;
    await first.end();
    const { status, attempts } = await store.generations.get(id) ?? {};
    assert.deepEqual({ status, attempts }, { status: "QUEUED", attempts: 0 });
    assert.ok(steps.length < 40, "it stopped after the step that ran");
    work({ workerId: "another" });
    assert.deepEqual(statusesOf(await follow(id)), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]);
  }, () => began.resolve());
});

Deno.test("a generation that met a fault nobody foresaw is painted again once its lease is over", () =>
  inWorkshop(async ({ store, work, follow }) => {
    let faults = 1;
    const assets = failing(store.assets, ["put"], () => faults-- > 0 ? new Error("unforeseen") : null);
    const { generation: { id } } = await store.queue.enqueue(REQUEST);
    work({ services: { assets }, leaseMs: 300 });
    assert.deepEqual(statusesOf(await follow(id)), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]);
    assert.equal((await store.generations.get(id))?.attempts, 2);
  }));

Deno.test("a disk that fills up while a picture is painted costs previews, but neither the picture nor an attempt", () => {
  let isFull = false;
  return inWorkshop(async ({ store, steps, work, follow }) => {
    const fault = () => isFull ? full() : null;
    const calls = ["claim", "progress", "complete", "release", "fail", "renew", "recover"] as const;
    const services = { work: failing(store.work, calls, fault), assets: failing(store.assets, ["put"], fault) };
    const { generation: { id } } = await store.queue.enqueue(REQUEST);
    work({ services, leaseMs: 100, retryMs: 20 });
    assert.deepEqual((await follow(id)).filter(({ type }) => type === "PREVIEW"), []);
    const { status, attempts } = await store.generations.get(id) ?? {};
    assert.deepEqual({ status, attempts, steps }, { status: "SUCCEEDED", attempts: 1, steps: [1, 2, 3] });
  }, () => {
    if (!isFull) setTimeout(() => isFull = false, 1000);
    isFull = true;
  });
});

Deno.test("a worker that shuts down while a picture cannot be stored lets it go, without counting the attempt", () =>
  inWorkshop(async ({ store, work }) => {
    const tried = Promise.withResolvers<void>();
    const assets = failing(store.assets, ["put"], () => {
      tried.resolve();
      return full();
    });
    const { generation: { id } } = await store.queue.enqueue(REQUEST);
    const worker = work({ services: { assets }, retryMs: 60_000 });
    await tried.promise;
    await worker.end();
    const { status, attempts } = await store.generations.get(id) ?? {};
    assert.deepEqual({ status, attempts }, { status: "QUEUED", attempts: 0 });
  }));

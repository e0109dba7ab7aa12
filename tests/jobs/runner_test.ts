/** The worker loop over a real store: what happens where a fault comes between a picture and its place. */

import assert from "node:assert/strict";
import type { Compute, GenerateOptions, GenerationOutcome, GenerationStep } from "../../compute/worker/compute.ts";
import { ImageEncoder } from "../../image/encoder.ts";
import { Estimator } from "../../requests/estimator.ts";
import { Runner } from "../../jobs/runner.ts";
import { NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { openStore, type Store } from "../../store/open.ts";
import { StorageError } from "../../assets/storage_error.ts";
import { requestFor } from "./requests.ts";

const IMAGE = {
  type: "IMAGE",
  image: { width: 8, height: 8, data: new Uint8Array(192) },
  timing: { loadMs: 0, encodeMs: 0, denoiseMs: 0, decodeMs: 0 },
  attention: [],
} as unknown as GenerationOutcome;

const STEP: GenerationStep = {
  type: "STEP",
  step: 1,
  steps: 20,
  stepMs: 1,
  previewMs: 0,
  passes: 2,
  passesLeft: 38,
  preview: { width: 1, height: 1, data: new Uint8Array(3) },
  regionMasks: null,
};

/** A picture after one step, at once: these tests are about what comes after it. */
function quickCompute(): { compute: Compute; painted: () => number } {
  let painted = 0;
  const generate = async (_request: unknown, { onStep }: GenerateOptions): Promise<GenerationOutcome> => {
    painted++;
    onStep?.(STEP);
    await Promise.resolve();
    return IMAGE;
  };
  return { compute: { generate } as unknown as Compute, painted: () => painted };
}

const masks = { imagesOf: () => Promise.resolve(NO_IMAGES) };

Deno.test("a generation that met a fault nobody foresaw is painted again once its lease is over", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const store = await openStore(folder, { pollMs: 10 });
  using encoder = new ImageEncoder();
  let faults = 1;
  const assets: typeof store.assets = {
    get: (key) => store.assets.get(key),
    has: (key) => store.assets.has(key),
    remove: (key) => store.assets.remove(key),
    put: (bytes, options) => faults-- > 0 ? Promise.reject(new Error("unforeseen")) : store.assets.put(bytes, options),
  };
  const services = { ...store, assets, masks, compute: quickCompute().compute, encoder, estimator: new Estimator() };
  const ended = new AbortController();
  const running = new Runner(services, { workerId: "test", leaseMs: 100 }).run(ended.signal);
  try {
    const { generation: { id } } = await store.queue.enqueue(requestFor("a fox"));
    const statuses: string[] = [];
    for await (const event of store.events.follow(id, 0, AbortSignal.timeout(20_000))) {
      if (event.type === "STATUS") statuses.push(event.status);
    }
    assert.deepEqual(statuses, ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]);
    assert.equal((await store.generations.get(id))?.attempts, 2);
  } finally {
    ended.abort();
    await running;
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

function full(): StorageError {
  return new StorageError("STORAGE_FULL", new Error("no space left"));
}

/** The store, of which some calls fail while `isFull` says so. */
function filling(store: Store, isFull: () => boolean): Pick<Store, "work" | "assets"> {
  const failing = <T extends object>(target: T, names: readonly string[]): T =>
    new Proxy(target, {
      get: (_target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (names.includes(String(name)) && isFull()) return () => Promise.reject(full());
        return value.bind(target);
      },
    });
  return {
    work: failing(store.work, ["claim", "progress", "complete", "release", "fail", "renew", "recover"]),
    assets: failing(store.assets, ["put"]),
  };
}

Deno.test("a disk that fills up while a picture is painted costs previews, but neither the picture nor an attempt", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const store = await openStore(folder, { pollMs: 10 });
  using encoder = new ImageEncoder();
  const { compute, painted } = quickCompute();
  let isFull = false;
  const generate: Compute["generate"] = (request, options) => {
    isFull = true;
    setTimeout(() => isFull = false, 500);
    return compute.generate(request, options);
  };
  const services = {
    ...filling(store, () => isFull),
    files: store.files,
    masks,
    compute: { generate } as unknown as Compute,
    encoder,
    estimator: new Estimator(),
  };
  const ended = new AbortController();
  const running = new Runner(services, { workerId: "test", leaseMs: 100, retryMs: 20 }).run(ended.signal);
  try {
    const { generation: { id } } = await store.queue.enqueue(requestFor("a fox"));
    for await (const event of store.events.follow(id, 0, AbortSignal.timeout(20_000))) {
      assert.ok(event.type !== "PREVIEW");
    }
    const { status, attempts } = await store.generations.get(id) ?? {};
    assert.deepEqual({ status, attempts, painted: painted() }, { status: "SUCCEEDED", attempts: 1, painted: 1 });
  } finally {
    ended.abort();
    await running;
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a worker that shuts down while a picture cannot be stored lets it go, without counting the attempt", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const store = await openStore(folder, { pollMs: 10 });
  using encoder = new ImageEncoder();
  const { compute } = quickCompute();
  const tried = Promise.withResolvers<void>();
  const assets: typeof store.assets = Object.assign(Object.create(store.assets), {
    put: () => {
      tried.resolve();
      return Promise.reject(full());
    },
  });
  const services = { ...store, assets, masks, compute, encoder, estimator: new Estimator() };
  const ended = new AbortController();
  const running = new Runner(services, { workerId: "test", retryMs: 60_000 }).run(ended.signal);
  try {
    const { generation: { id } } = await store.queue.enqueue(requestFor("a fox"));
    await tried.promise;
    ended.abort();
    await running;
    const { status, attempts } = await store.generations.get(id) ?? {};
    assert.deepEqual({ status, attempts }, { status: "QUEUED", attempts: 0 });
  } finally {
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

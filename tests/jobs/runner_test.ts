/** The worker loop over a real store: what happens where a fault comes between a picture and its place. */

import assert from "node:assert/strict";
import type { Compute, GenerationOutcome } from "../../compute/worker/compute.ts";
import { ImageEncoder } from "../../image/encoder.ts";
import { Estimator } from "../../jobs/estimator.ts";
import { Runner } from "../../jobs/runner.ts";
import { NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { openStore } from "../../store/open.ts";
import { requestFor } from "./requests.ts";

/** A picture at once: these tests are about what comes after it. */
const compute = {
  generate: (): Promise<GenerationOutcome> =>
    Promise.resolve({
      type: "IMAGE",
      image: { width: 8, height: 8, data: new Uint8Array(192) },
      timing: { loadMs: 0, encodeMs: 0, denoiseMs: 0, decodeMs: 0 },
      attention: [],
    } as unknown as GenerationOutcome),
} as unknown as Compute;

Deno.test("a generation whose picture could not be stored is painted again once its lease is over", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const store = await openStore(folder, { pollMs: 10 });
  using encoder = new ImageEncoder();
  let faults = 1;
  const assets: typeof store.assets = {
    get: (key) => store.assets.get(key),
    has: (key) => store.assets.has(key),
    remove: (key) => store.assets.remove(key),
    put: (bytes, options) => faults-- > 0 ? Promise.reject(new Error("disk full")) : store.assets.put(bytes, options),
  };
  const masks = { imagesOf: () => Promise.resolve(NO_IMAGES) };
  const services = { ...store, assets, masks, compute, encoder, estimator: new Estimator() };
  const ended = new AbortController();
  const running = new Runner(services, { workerId: "test", leaseMs: 100 }).run(ended.signal);
  try {
    const { generation: { id } } = await store.queue.enqueue(requestFor("a fox"));
    const statuses: string[] = [];
    for await (const event of store.events.follow(id, 0, AbortSignal.timeout(20_000))) {
      if (event.type === "STATUS") statuses.push(event.status);
    }
    assert.deepEqual(statuses, ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]);
    assert.equal((await store.queue.get(id))?.attempts, 2);
  } finally {
    ended.abort();
    await running;
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

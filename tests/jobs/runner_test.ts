/** The worker loop with a real store, a real model and real Workers; of the store, some calls are made to fail. */

import assert from "node:assert/strict";
import { ImageEncoderError } from "../../image/encoder.ts";
import { decodePng } from "../../image/png.ts";
import { readPictureTexts } from "../../image/metadata/read_picture_texts.ts";
import { failing, full, inWorkshop, REQUEST, statusesOf } from "./workshop.ts";

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
    assert.deepEqual(statusesOf(await follow(id)), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"]);
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

Deno.test("a request that cannot be painted fails at once with the reason; a thread that was lost costs an attempt", () =>
  inWorkshop(async ({ store, services, work, follow }) => {
    const faults: Error[] = [
      new TypeError("beyond all reason"),
      new ImageEncoderError("WORKER_FAILED", "its thread died"),
    ];
    const encoder = failing(services.encoder, ["encode"], () => faults.shift() ?? null);
    const { generation: broken } = await store.queue.enqueue(REQUEST);
    const { generation: unlucky } = await store.queue.enqueue(REQUEST);
    work({ services: { encoder }, leaseMs: 300 });
    assert.deepEqual(statusesOf(await follow(broken.id)), ["QUEUED", "RUNNING", "FAILED"]);
    const { error, attempts } = await store.generations.get(broken.id) ?? {};
    assert.deepEqual({ error, attempts }, { error: { code: "INTERNAL", message: "beyond all reason" }, attempts: 1 });
    assert.deepEqual(statusesOf(await follow(unlucky.id)), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]);
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

Deno.test("a store that is slower than the steps is not waited for: some go without a record, the last never does", () =>
  inWorkshop(async ({ store, steps, work, follow }) => {
    const slow = new Proxy(store.work, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (name !== "progress") return value.bind(target);
        return async (...args: unknown[]) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return await value.apply(target, args);
        };
      },
    });
    const { generation: { id } } = await store.queue.enqueue({ ...REQUEST, model: "tiny-sd15", steps: 200 });
    work({ services: { work: slow } });
    const events = await follow(id);
    const recorded = events.flatMap((event) => event.type === "PROGRESS" ? [event.step] : []);
    assert.equal(steps.length, 200);
    assert.ok(recorded.length >= 51 && recorded.length < 200, `${recorded.length} steps recorded`);
    assert.deepEqual(recorded, [...recorded].sort((a, b) => a - b));
    assert.equal(recorded.at(-1), 200);
    assert.deepEqual(events.map(({ sequence }) => sequence), events.map((_, i) => i + 1), "without a gap");
  }));

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

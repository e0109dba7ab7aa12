/** The first model is loaded without being asked for, and what is asked for meanwhile comes before what nobody waits for. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { Compute, type GenerationOutcome } from "../../../compute/worker/compute.ts";
import { requestFor } from "../../jobs/requests.ts";

const modelsFolder = fileURLToPath(new URL("../../../models", import.meta.url));
const MODEL = "beds-256-lcm";
const REQUEST: GenerationRequest = { ...requestFor("a garden"), model: MODEL, width: 64, height: 64, steps: 2 };

function pixels(outcome: GenerationOutcome): readonly number[] {
  assert.equal(outcome.type, "IMAGE", JSON.stringify(outcome));
  return [...outcome.image.data];
}

Deno.test("the first model is loaded without being asked for, once", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1, first: MODEL });
  try {
    await compute.generate(REQUEST); // waits its turn
    const { loadMs } = await compute.load(MODEL);
    const again = await compute.load(MODEL);
    assert.ok(loadMs > 10 * again.loadMs, `${loadMs} ms are those of the load that nobody asked for`);
  } finally {
    compute.close();
  }
});

Deno.test("a generation that waits for a model comes before a measurement of its steps", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1, first: MODEL });
  try {
    const done: string[] = [];
    const measuring = compute.load(MODEL).then(() => compute.measureStep(MODEL)).then((measured) => {
      if (measured !== null) done.push("measured"); // after the picture, or not at all
    });
    pixels(await compute.generate(REQUEST, { onStep: ({ step }) => done.push(`step ${step}`) }));
    await measuring;
    assert.deepEqual(done.slice(0, 2), ["step 1", "step 2"]);
  } finally {
    compute.close();
  }
});

Deno.test("a measurement ends when a generation is asked for, and else comes to its end", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1 });
  try {
    await compute.load(MODEL);
    const measured = compute.measureStep(MODEL);
    pixels(await compute.generate(REQUEST));
    assert.equal(await measured, null);
    const { stepMs = 0, previewMs = 0, passes } = await compute.measureStep(MODEL) ?? {};
    assert.ok(0 < previewMs && previewMs < stepMs, `${previewMs} of ${stepMs} ms`);
    assert.equal(passes, 2);
  } finally {
    compute.close();
  }
});

Deno.test("what a model is can be learnt while it loads; a first model that is none breaks nothing", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1, first: "no such model" });
  try {
    const found = await compute.open(MODEL);
    assert.ok(found.usable && found.memoryBytes > 2 ** 20, JSON.stringify(found));
    assert.deepEqual([...compute.loaded], [], "it is at hand, not loaded");
    const missing = await compute.open("no such model");
    assert.ok(!missing.usable);
    assert.match(missing.refused, /no such model/);
    await assert.rejects(compute.load("no such model"), /no such model/);
    pixels(await compute.generate(REQUEST));
  } finally {
    compute.close();
  }
});

Deno.test("a model over the memory budget is one that could be used, and is not at hand", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1, memoryBudget: 2 ** 20 });
  try {
    const found = await compute.open(MODEL);
    assert.ok(found.usable && found.memoryBytes > 2 ** 20, JSON.stringify(found));
    await assert.rejects(compute.load(MODEL), /the memory budget is 1 MiB/);
  } finally {
    compute.close();
  }
});

Deno.test("a Worker that died is replaced by one that loads no model unasked", async () => {
  const script = new URL("./telling_worker.ts", import.meta.url);
  const compute = await Compute.start({ modelsFolder, threads: 1, first: MODEL }, script);
  try {
    assert.equal(compute.runtime.reason, MODEL);
    await assert.rejects(compute.load(MODEL), /brought down/);
    await compute.open(MODEL);
    assert.equal(compute.runtime.reason, "no first model");
  } finally {
    compute.close();
  }
});

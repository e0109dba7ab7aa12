/** Whole pictures of which regions are painted anew: what changes, what does not, and that they can be painted again. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { heldRuns, withReroll } from "../../../compute/pipeline/held_runs.ts";
import type { PictureRequest, Reroll } from "../../../compute/pipeline/request.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../../layout/layout.ts";
import { requestFor } from "../../jobs/requests.ts";

const WIDTH = 128, HEIGHT = 64;

const half = (name: string, x: number, changes: Partial<Region> = {}): Region => ({
  ...PLAIN_REGION,
  name,
  prompt: name,
  geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 },
  ...changes,
});
const REQUEST: PictureRequest = {
  ...requestFor("a garden"),
  model: "tiny-sd15",
  layout: { ...PLAIN_LAYOUT, regions: [half("left", 0), half("right", 0.5)] },
  width: WIDTH,
  height: HEIGHT,
  steps: 3,
  guidanceScale: 2,
};

const reroll = (name: string, seed: number, lockRest: boolean): Reroll => ({
  of: "it",
  regions: [{ name, seed }],
  lockRest,
});

const model = new DiffusionModel(
  createWasmRuntime({ threads: 1, reason: "tests run on WASM" }),
  fileURLToPath(new URL("../../fixtures/models/tiny-sd15", import.meta.url)),
  "tiny-sd15",
);
const pipeline = new Pipeline(model);
Deno.test.afterAll(() => model.release());

async function paint(changes: Partial<PictureRequest>) {
  const passes: number[] = [];
  for await (const output of pipeline.generate({ ...REQUEST, ...changes })) {
    if (output.type === "IMAGE") return { data: output.image.data, passes };
    passes.push(output.passes + output.passesLeft);
  }
  throw new Error("no picture");
}

/** How much less what is held changes: its latents do not at all, but this model's random autoencoder mixes all cells. */
const LESS = 5;

/** The mean absolute change of each half. */
function change(a: Uint8Array, b: Uint8Array, width = WIDTH): { readonly left: number; readonly right: number } {
  const sums = { left: 0, right: 0 };
  a.forEach((value, i) => {
    sums[Math.floor(i / 3) % width < width / 2 ? "left" : "right"] += Math.abs(value - (b[i] ?? NaN));
  });
  return { left: sums.left * 2 / a.length, right: sums.right * 2 / a.length };
}

Deno.test("a region is painted anew, and with the rest locked nearly nothing else changes, in both modes", async () => {
  for (const mode of ["attention", "latent"] as const) {
    const before = await paint({ mode });
    const free = await paint({ mode, rerolls: [reroll("right", 7, false)] });
    const locked = await paint({ mode, rerolls: [reroll("right", 7, true)] });
    const ofFree = change(before.data, free.data), ofLocked = change(before.data, locked.data);
    assert(ofFree.right > 5 && ofLocked.right > 5, JSON.stringify({ ofFree, ofLocked }));
    assert(ofLocked.left < ofLocked.right / LESS, JSON.stringify(ofLocked));
    assert(ofLocked.left < ofFree.left, JSON.stringify({ ofFree, ofLocked }));
    assert.deepEqual(free.passes, before.passes);
    assert.deepEqual(locked.passes, before.passes.map((passes) => 2 * passes));
    assert.deepEqual(await paint({ mode, rerolls: [reroll("right", 7, true)] }), locked, "again");
  }
});

Deno.test("new noise that is the old one changes no byte, with samplers of two calls and of noise at every step", async () => {
  for (const sampler of ["heun", "dpmpp-2m", "euler-a"]) {
    const before = await paint({ sampler });
    const same = await paint({ sampler, rerolls: [reroll("right", REQUEST.seed, true)] });
    assert.deepEqual(same.data, before.data, sampler);
  }
});

Deno.test("in a second pass the rest is held to the second pass of what it was", async () => {
  for (const upscale of ["pixel", "latent"] as const) {
    const secondPass = { scale: 2, upscale, strength: 0.5, steps: 4 };
    const before = await paint({ secondPass });
    const locked = await paint({ secondPass, rerolls: [reroll("right", 7, true)] });
    const { left, right } = change(before.data, locked.data, 2 * WIDTH);
    assert(right > 5 && left < right / LESS, `${upscale}: ${left} and ${right}`);
    assert.deepEqual(locked.passes, before.passes.map((passes) => 2 * passes));
    const same = await paint({ secondPass, rerolls: [reroll("right", REQUEST.seed, true)] });
    assert.deepEqual(same.data, before.data, upscale);
    const free = await paint({ secondPass, rerolls: [reroll("right", 7, false)] });
    assert(left < change(before.data, free.data, 2 * WIDTH).left, upscale);
  }
});

Deno.test("a re-roll of a re-roll holds what the first one gave", async () => {
  const first = await paint({ rerolls: [reroll("right", 7, true)] });
  const second = await paint({ rerolls: [reroll("right", 7, true), reroll("left", 8, true)] });
  const { left, right } = change(first.data, second.data);
  assert(left > 5 && right < left / LESS, `${left} and ${right}`);
  assert.deepEqual(second.passes, [18, 12, 6]);
});

Deno.test("a region that paints only at the end, and leaves most to the base, is painted anew from the start", async () => {
  const layout = { ...PLAIN_LAYOUT, regions: [half("late", 0.5, { start: 0.7, baseRatio: 0.9 })] };
  const before = await paint({ layout });
  const { left, right } = change(before.data, (await paint({ layout, rerolls: [reroll("late", 7, true)] })).data);
  assert(right > 5 && left < right / LESS, `${left} and ${right}`);
});

Deno.test("only what is held to is painted beside: the paths down to the last re-roll that leaves the rest free", () => {
  const free = reroll("left", 1, false), locked = reroll("right", 2, true);
  const counts = (...rerolls: Reroll[]) => heldRuns({ rerolls }).map((run) => run.rerolls.length);
  assert.deepEqual(counts(), [0]);
  assert.deepEqual(counts(free), [1]);
  assert.deepEqual(counts(locked, locked), [0, 1, 2]);
  assert.deepEqual(counts(locked, free, locked), [2, 3]);
});

Deno.test("a region that is painted anew again and again is one re-roll, and what is held to stays", () => {
  const left = reroll("left", 1, true), right = reroll("right", 2, true), free = { ...right, lockRest: false };
  const again = { ...right, regions: [{ name: "right", seed: 3 }] };
  assert.deepEqual(withReroll([left, right], again), [left, again]);
  assert.deepEqual(
    withReroll([right, left], again),
    [right, left, again],
    "left was painted beside what right was then",
  );
  assert.deepEqual(withReroll([free], again), [free, again], "the rest was free, and is held to what it became");
  assert.deepEqual(withReroll([free], { ...again, lockRest: false }), [{ ...again, lockRest: false }]);
  const both = { ...left, regions: [...left.regions, ...right.regions] };
  assert.deepEqual(withReroll([both], again), [both, again]);
  assert.deepEqual(withReroll([left, right], both), [both]);
});

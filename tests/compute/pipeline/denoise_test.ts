/** The loop: which predictions are made, how they are put together, and what the sampler gets. */

import assert from "node:assert/strict";
import type { RegionalConditioning } from "../../../compute/model/regional_feeds.ts";
import { denoise, type Denoiser, type Denoising, type RegionMode } from "../../../compute/pipeline/denoise.ts";
import type { Sampler } from "../../../compute/sampler/sampler.ts";

/** One call of the fake denoiser. */
interface Call {
  readonly sample: number;
  readonly timestep: number;
  readonly conditioning: RegionalConditioning;
}

/**
 * A denoiser whose prediction in a cell is the weighted sum of its contexts' first numbers.
 * @param shape What becomes of that sum.
 */
function fakeDenoiser(
  guidanceWidth: number | null = null,
  shape = (sum: number) => sum,
): { readonly unet: Denoiser; readonly calls: Call[] } {
  const calls: Call[] = [];
  const unet: Denoiser = {
    cost: () => [],
    levels: [0],
    added: { ofFamily: null, guidanceWidth, vaeFactor: 8 },
    predict: (sample, timestep, conditioning) => {
      calls.push({ sample: sample.data[0] ?? NaN, timestep, conditioning });
      const { contexts, weights } = conditioning;
      const [, count = 0, tokens = 0, width = 0] = contexts.dims;
      const data = new Float32Array(sample.data.length);
      const maps = weights.get(0)?.data ?? new Float32Array();
      const cells = maps.length / count;
      for (let i = 0; i < data.length; i++) {
        for (let r = 0; r < count; r++) {
          data[i] = (data[i] ?? 0) + (maps[r * cells + i % cells] ?? 0) * (contexts.data[r * tokens * width] ?? 0);
        }
      }
      return Promise.resolve({ dims: sample.dims, data: data.map(shape) });
    },
  };
  return { unet, calls };
}

/** Halves its input before prediction and adds the prediction to the sample. */
const adding: Sampler = {
  timesteps: [900, 500, 100],
  initNoiseSigma: 1,
  memory: {},
  scaleInput: (sample) => sample.map((v) => v / 2),
  step: (output, i, sample, noise) => {
    const drawn = i === 1 ? noise?.() : undefined;
    const next = sample.map((v, k) => v + (output[k] ?? 0) + (drawn?.[k] ?? 0));
    return { sample: next, predOriginal: output };
  },
  addNoise: (clean) => clean,
};

const context = (value: number) => ({ dims: [1, 2], data: Float32Array.of(value, value) });

const halves = { count: 3, height: 1, width: 2, data: Float32Array.of(0, 0, 1, 0, 0, 1) };

function input(unet: Denoiser, changes: Partial<Denoising>): Denoising {
  return {
    unet,
    sampler: adding,
    start: { dims: [1, 1, 1, 2], data: new Float32Array(2) },
    mode: "attention",
    begin: 0,
    cond: [context(1)],
    uncond: null,
    mapsAt: () => null,
    guidanceScales: [1],
    ...changes,
  };
}

async function samples(denoising: Denoising): Promise<number[][]> {
  const all: number[][] = [];
  for await (const { sample } of denoise(denoising)) all.push([...sample]);
  return all;
}

Deno.test("a plain picture takes one prediction a step, of the scaled sample at the sampler's timesteps", async () => {
  const { unet, calls } = fakeDenoiser();
  assert.deepEqual(await samples(input(unet, {})), [[1, 1], [2, 2], [3, 3]]);
  assert.deepEqual(calls.map(({ sample, timestep }) => [sample, timestep]), [[0, 900], [0.5, 500], [1, 100]]);
});

Deno.test("every step tells its index and its predicted finished sample", async () => {
  const { unet } = fakeDenoiser();
  const steps = [];
  for await (const step of denoise(input(unet, { begin: 1 }))) steps.push([step.index, ...step.predOriginal]);
  assert.deepEqual(steps, [[1, 1, 1], [2, 1, 1]]);
});

Deno.test("every step tells how many predictions it took", async () => {
  const { unet, calls } = fakeDenoiser();
  const told: number[] = [];
  const regional = {
    mode: "latent",
    cond: [context(9), context(1), context(2)],
    uncond: [context(7)],
    mapsAt: () => halves,
    guidanceScales: [2, 2, 2],
    guidedCalls: { first: 1, end: 2 },
  } as const;
  for await (const { passes } of denoise(input(unet, regional))) told.push(passes);
  assert.deepEqual(told, [2, 3, 2], "of both halves, and once of the negative prompt they share");
  assert.equal(calls.length, 7);
});

Deno.test("noise is handed to the sampler", async () => {
  const { unet } = fakeDenoiser();
  const noise = () => Float32Array.of(10, 20);
  assert.deepEqual((await samples(input(unet, { noise }))).at(-1), [13, 23]);
});

Deno.test("guidance takes a second prediction, which all scales of 1 spare", async () => {
  const guided = fakeDenoiser();
  const guidance = { cond: [context(3)], uncond: [context(1)], guidanceScales: [2] };
  assert.deepEqual((await samples(input(guided.unet, guidance)))[0], [5, 5]);
  assert.equal(guided.calls.length, 6);

  const plain = fakeDenoiser();
  await samples(input(plain.unet, { ...guidance, guidanceScales: [1] }));
  assert.equal(plain.calls.length, 3);
});

Deno.test("attention mode makes one prediction of all regions, latent mode blends one of each", async () => {
  const maps = { count: 3, height: 1, width: 2, data: Float32Array.of(0.25, 0, 0.75, 0.5, 0, 0.5) };
  const regional = { cond: [context(4), context(2), context(6)], mapsAt: () => maps, guidanceScales: [1, 1, 1] };
  const square = (sum: number) => sum ** 2;
  const attention = fakeDenoiser(null, square), latent = fakeDenoiser(null, square);
  const [mixed] = await samples(input(attention.unet, regional));
  assert.deepEqual(mixed, [6.25, 16], "(4 / 4 + 3 / 4 * 2)^2 and (2 / 2 + 6 / 2)^2");
  const [blended] = await samples(input(latent.unet, { ...regional, mode: "latent" }));
  assert.deepEqual(blended, [7, 20], "4^2 / 4 + 3 / 4 * 2^2 and 2^2 / 2 + 6^2 / 2");
  assert.deepEqual([attention.calls.length, latent.calls.length], [3, 9]);
});

Deno.test("the mode may change on the way", async () => {
  const maps = { count: 3, height: 1, width: 2, data: Float32Array.of(0.25, 0, 0.75, 0.5, 0, 0.5) };
  const regional = { cond: [context(4), context(2), context(6)], mapsAt: () => maps, guidanceScales: [1, 1, 1] };
  const counts = async (mode: RegionMode | ((i: number) => RegionMode)) => {
    const { unet, calls } = fakeDenoiser();
    const told: number[] = [];
    for await (const { passes } of denoise(input(unet, { ...regional, mode }))) told.push(passes);
    assert.equal(calls.length, told.reduce((sum, n) => sum + n));
    return told;
  };
  assert.deepEqual(await counts((i) => i < 1 ? "attention" : "latent"), [1, 3, 3]);
  assert.deepEqual(await counts((i) => i < 2 ? "latent" : "attention"), [3, 3, 1]);
  const scales = {
    ...regional,
    guidanceScales: [1, 2, 1],
    mode: (i: number) => i === 2 ? "attention" : "latent",
  } as const;
  await assert.rejects(samples(input(fakeDenoiser(8).unet, scales)), /must be equal/);
});

Deno.test("latent mode spends no pass on a prompt without weight", async () => {
  const { unet, calls } = fakeDenoiser();
  const regional = { cond: [context(9), context(1), context(2)], mapsAt: () => halves, guidanceScales: [1, 1, 1] };
  const [first] = await samples(input(unet, { ...regional, mode: "latent" }));
  assert.deepEqual(first, [1, 2]);
  assert.equal(calls.length, 6, "of the two regions in three steps, and not of the base");
});

Deno.test("each region may have its own negative and its own scale", async () => {
  for (const mode of ["attention", "latent"] as const) {
    const { unet } = fakeDenoiser();
    const [first] = await samples(input(unet, {
      mode,
      cond: [context(9), context(1), context(2)],
      uncond: [context(7), context(0.5), context(1)],
      mapsAt: () => halves,
      guidanceScales: [1, 3, 5],
    }));
    assert.deepEqual(first, [0.5 + 3 * 0.5, 1 + 5 * 1]);
  }
});

Deno.test("conditioning is packed again only when the weight maps change", async () => {
  const { unet, calls } = fakeDenoiser();
  const swapped = { ...halves, data: Float32Array.of(0, 0, 0, 1, 1, 0) };
  await samples(input(unet, {
    cond: [context(9), context(1), context(2)],
    mapsAt: (i) => i < 2 ? halves : swapped,
    guidanceScales: [1, 1, 1],
  }));
  assert.strictEqual(calls[0]?.conditioning, calls[1]?.conditioning);
  assert.notStrictEqual(calls[1]?.conditioning, calls[2]?.conditioning);
});

Deno.test("a UNet that takes the guidance scale is given it, and no second prediction is made", async () => {
  const { unet, calls } = fakeDenoiser(4);
  await samples(input(unet, { uncond: [context(0)], guidanceScales: [6] }));
  assert.equal(calls.length, 3);
  const scale = (call: Call | undefined) => call?.conditioning.added.get("timestep_cond");
  assert.deepEqual(scale(calls[0])?.dims, [1, 4]);

  // In latent mode each region has its own.
  const latent = fakeDenoiser(4);
  const regional = { cond: [context(9), context(1), context(2)], mapsAt: () => halves, guidanceScales: [6, 6, 3] };
  await samples(input(latent.unet, { ...regional, mode: "latent" }));
  assert.deepEqual(scale(latent.calls[0]), scale(calls[0]));
  assert.notDeepEqual(scale(latent.calls[1]), scale(calls[0]));
  await assert.rejects(samples(input(fakeDenoiser(4).unet, regional)), RangeError);
});

Deno.test("several contexts need weight maps", async () => {
  const { unet } = fakeDenoiser();
  await assert.rejects(samples(input(unet, { cond: [context(1), context(2)] })), RangeError);
});

Deno.test("stopping the iteration stops the predictions", async () => {
  const { unet, calls } = fakeDenoiser();
  for await (const { index } of denoise(input(unet, {}))) {
    if (index === 1) break;
  }
  assert.equal(calls.length, 2);
});

Deno.test("outside the guided calls the conditional prediction stands alone", async () => {
  const { unet, calls } = fakeDenoiser();
  const all = await samples(input(unet, {
    cond: [context(3)],
    uncond: [context(1)],
    guidanceScales: [2],
    guidedCalls: { first: 1, end: 2 },
  }));
  assert.deepEqual(all.map(([value]) => value), [3, 8, 11], "3, then 1 + 2 (3 - 1) = 5, then 3");
  assert.deepEqual(calls.map(({ timestep }) => timestep), [900, 500, 500, 100]);
});

/** Both contexts, turn by turn: the same two lists again and again. */
const turns = (...lists: (readonly ReturnType<typeof context>[])[]) => (i: number) => lists[i % lists.length] ?? [];

Deno.test("prompts may change from call to call, in either polarity", async () => {
  const { unet } = fakeDenoiser();
  const all = await samples(input(unet, {
    cond: turns([context(3)], [context(5)]),
    uncond: turns([context(1)], [context(1)], [context(2)]),
    guidanceScales: [2],
  }));
  assert.deepEqual(all.map(([value]) => value), [5, 14, 18], "1 + 2 (3 - 1), 1 + 2 (5 - 1), 2 + 2 (3 - 2)");
});

Deno.test("prompts that come back find what was packed for them", async () => {
  const sampler = { ...adding, timesteps: [900, 700, 500, 300, 100, 0] };
  for (const mode of ["attention", "latent"] as const) {
    const { unet, calls } = fakeDenoiser();
    const a = [context(9), context(1), context(2)], b = [context(9), context(4), context(2)];
    await samples(input(unet, { mode, sampler, cond: turns(a, b), mapsAt: () => halves, guidanceScales: [1, 1, 1] }));
    const passes = mode === "attention" ? 1 : 2;
    assert.equal(calls.length, 6 * passes);
    assert.equal(new Set(calls.map(({ conditioning }) => conditioning)).size, 2 * passes);
  }
});

Deno.test("what was packed goes when the weight maps do, unless it needs none", async () => {
  const other = { ...halves, data: Float32Array.of(0, 0, 0, 1, 1, 0) };
  const mapsAt = (i: number) => i < 2 ? halves : other;
  const sampler = { ...adding, timesteps: [900, 700, 500, 300] };
  const packed = async (cond: readonly ReturnType<typeof context>[]) => {
    const { unet, calls } = fakeDenoiser();
    const guidanceScales = cond.map(() => 1);
    await samples(input(unet, { sampler, cond, mapsAt, guidanceScales }));
    return new Set(calls.map(({ conditioning }) => conditioning)).size;
  };
  assert.equal(await packed([context(9), context(1), context(2)]), 2);
  assert.equal(await packed([context(1)]), 1);
});

Deno.test("long prompts that come back are packed again rather than kept beside each other", async () => {
  const long = (value: number) => ({ dims: [700, 2], data: new Float32Array(1400).fill(value) });
  const sampler = { ...adding, timesteps: [900, 700, 500, 300] };
  const packed = async (...lists: (readonly ReturnType<typeof long>[])[]) => {
    const { unet, calls } = fakeDenoiser();
    await samples(input(unet, { sampler, cond: turns(...lists) }));
    return new Set(calls.map(({ conditioning }) => conditioning)).size;
  };
  assert.equal(await packed([long(1)], [context(2)]), 2, "701 tokens are kept");
  assert.equal(await packed([long(1)], [long(2)]), 4, "1,400 are not");
  assert.equal(await packed([long(1)]), 1);
});

Deno.test("contexts of one call may be longer, and more, than those of the last", async () => {
  const longer = { dims: [3, 2], data: new Float32Array(6).fill(4) };
  const { unet, calls } = fakeDenoiser();
  const all = await samples(input(unet, {
    cond: turns([context(9), context(1), context(2)], [context(9), longer, context(2)], [context(7)]),
    mapsAt: () => halves,
    guidanceScales: [1, 1, 1],
  }));
  assert.deepEqual(all, [[1, 2], [5, 4], [12, 11]]);
  assert.deepEqual(calls.map(({ conditioning }) => conditioning.contexts.dims.slice(1, 3)), [[2, 1], [2, 3], [1, 1]]);
});

Deno.test("noise is asked for with the call it is for", async () => {
  const asked: number[] = [];
  const noise = (i: number) => {
    asked.push(i);
    return new Float32Array(2);
  };
  await samples(input(fakeDenoiser().unet, { noise }));
  assert.deepEqual(asked, [1], "this sampler draws at its second call");
});

Deno.test("what is held follows its own path to its clean end, by cell", async () => {
  const { unet } = fakeDenoiser();
  const asked: number[] = [];
  const hold = {
    mask: Float32Array.of(1, 0.25),
    after: (i: number) => {
      asked.push(i);
      const sample = i === 2 ? Float32Array.of(-8, -8) : Float32Array.of(100 * (i + 1), 100 * (i + 1));
      return { sample, predOriginal: Float32Array.of(-8, -8) };
    },
  };
  const found = [];
  for await (const { sample, predOriginal } of denoise(input(unet, { holds: [hold] }))) {
    found.push([...sample, ...predOriginal]);
  }
  // Every call adds 1: in the second cell a quarter of it counts, and three quarters of what is held.
  assert.deepEqual(found, [[1, 75.25, 1, -5.75], [2, 169.0625, 1, -5.75], [3, 36.515625, 1, -5.75]]);
  assert.deepEqual(asked, [0, 1, 2]);
});

Deno.test("an inpainting model sees further channels behind the scaled sample", async () => {
  const { unet } = fakeDenoiser();
  const seen: number[][] = [];
  const watching: Denoiser = {
    ...unet,
    predict: async (sample, ...more) => {
      seen.push([...sample.dims, ...sample.data]);
      const { data } = await unet.predict(sample, ...more);
      return { dims: [1, 1, 1, 2], data: data.slice(0, 2) };
    },
  };
  const beside = { dims: [1, 2, 1, 2], data: Float32Array.of(7, 8, 9, 10) };
  await samples(input(watching, { beside }));
  assert.deepEqual(seen.slice(0, 2), [[1, 3, 1, 2, 0, 0, 7, 8, 9, 10], [1, 3, 1, 2, 0.5, 0.5, 7, 8, 9, 10]]);
});

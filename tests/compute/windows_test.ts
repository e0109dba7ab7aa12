/** Windows over large pictures: where they lie, what each sees, and what is fused. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { float } from "../../elements.ts";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import { NormalNoise } from "../../compute/pipeline/normal_noise.ts";
import { Predictor } from "../../compute/pipeline/predictor.ts";
import { sharesOfMaps } from "../../compute/pipeline/region_shares.ts";
import type { PictureRequest } from "../../compute/pipeline/request.ts";
import { windowsOf } from "../../compute/windows.ts";
import type { RegionalConditioning } from "../../compute/model/regional_feeds.ts";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../layout/layout.ts";

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  size: fc.integer({ min: 2, max: 16 }),
}).chain((size) => fc.record({ size: fc.constant(size), overlap: fc.integer({ min: 1, max: size.size - 1 }) }));

Deno.test("windows are of one size, overlap by what was asked for, and share every cell to the sum of 1", () => {
  fc.assert(fc.property(sizes, ({ size: { width, height, size }, overlap }) => {
    const windows = windowsOf({ width, height }, { size, overlap });
    const sums = new Float64Array(width * height);
    for (const window of windows) {
      assert.equal(window.width, Math.min(size, width));
      assert.equal(window.height, Math.min(size, height));
      for (let i = 0; i < window.shares.length; i++) {
        const share = window.shares[i] ?? NaN;
        assert.ok(share > 0);
        const x = window.x + i % window.width, y = window.y + Math.floor(i / window.width);
        assert.ok(x < width && y < height);
        sums[y * width + x] = (sums[y * width + x] ?? NaN) + share;
      }
    }
    for (const sum of sums) assert.ok(Math.abs(sum - 1) < 1e-6);
    const columns = [...new Set(windows.map(({ x }) => x))];
    for (let k = 1; k < columns.length; k++) assert.ok((columns[k - 1] ?? NaN) + size - (columns[k] ?? NaN) >= overlap);
    // One less would overlap too little.
    if (columns.length > 1) assert.ok((columns.length - 1) * (size - overlap) + overlap < width);
  }));
});

Deno.test("the shares of two windows, worked by hand", () => {
  const [left, right] = windowsOf({ width: 6, height: 1 }, { size: 4, overlap: 2 });
  const low = Math.sin(Math.PI / 8) ** 2, high = Math.cos(Math.PI / 8) ** 2;
  assert.equal(right?.x, 2);
  for (const [found, expected] of [[left, [1, 1, high, low]], [right, [low, high, 1, 1]]] as const) {
    expected.forEach((share, i) => assert.ok(Math.abs((found?.shares[i] ?? NaN) - share) < 1e-6));
  }
});

Deno.test("windows count in a region by what they see of it, worked by hand", () => {
  // The left window sees all four cells of the first region, the right one two of them; of the second it is none and both.
  const windows = windowsOf({ width: 6, height: 1 }, { size: 4, overlap: 2 });
  const maps = { count: 2, width: 6, height: 1, data: Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1) };
  const low = Math.sin(Math.PI / 8) ** 2, high = Math.cos(Math.PI / 8) ** 2, favour = (2 / 4) ** 4;
  const near = high / (high + low * favour), far = low / (low + high * favour);
  const [left, right] = sharesOfMaps(windows, maps);
  for (const [found, expected] of [[left, [1, 1, near, far]], [right, [1 - near, 1 - far, 1, 1]]] as const) {
    expected.forEach((share, i) => assert.ok(Math.abs((found?.shares[i] ?? NaN) - share) < 1e-6, `${i}`));
  }
  // What is seen alike counts alike.
  const plain = sharesOfMaps(windows, { count: 1, width: 6, height: 1, data: new Float32Array(6).fill(1) });
  plain.forEach(({ shares }, w) =>
    shares.forEach((share, i) => assert.ok(Math.abs(share - (windows[w]?.shares[i] ?? NaN)) < 1e-6))
  );
});

Deno.test("in every cell the shares of all windows sum to 1, whatever the maps", () => {
  fc.assert(fc.property(sizes, fc.integer(), ({ size: { width, height, size }, overlap }, seed) => {
    const cells = width * height;
    const noise = new NormalNoise(Math.abs(seed)).draw(Math.max(16, 2 * cells));
    // Three maps, one of them in half of the cells; the first may have no weight anywhere.
    const first = Float32Array.from(
      { length: cells },
      (_, i) => seed % 2 === 0 ? 0 : Math.min(1, Math.abs(float(noise, i))),
    );
    const second = Float32Array.from(
      { length: cells },
      (_, i) => float(noise, cells + i) < 0 ? 0 : 1 - float(first, i),
    );
    const third = Float32Array.from({ length: cells }, (_, i) => 1 - float(first, i) - float(second, i));
    const data = Float32Array.from([...first, ...second, ...third]);
    const windows = sharesOfMaps(windowsOf({ width, height }, { size, overlap }), { count: 3, width, height, data });
    const sums = new Float64Array(cells);
    for (const window of windows) {
      window.shares.forEach((share, i) => {
        const at = (window.y + Math.floor(i / window.width)) * width + window.x + i % window.width;
        sums[at] = (sums[at] ?? NaN) + share;
      });
    }
    for (const sum of sums) assert.ok(Math.abs(sum - 1) < 1e-5, `${sum}`);
  }));
});

Deno.test("each window sees its part of the sample and of the maps, and the fused prediction is what all agree on", async () => {
  const width = 9, height = 5;
  const seen: RegionalConditioning[] = [];
  const unet = {
    cost: () => [],
    levels: [0],
    added: { ofFamily: null, guidanceWidth: null, vaeFactor: 8 },
    // In every cell its sample plus the sum of its contexts' numbers by their weights: a map of what is seen there.
    predict: (sample: { dims: readonly number[]; data: Float32Array }, _: number, given: RegionalConditioning) => {
      seen.push(given);
      const count = given.contexts.dims[1] ?? NaN, maps = given.weights.get(0)?.data ?? new Float32Array();
      const cells = maps.length / count;
      const data = sample.data.map((value, i) => {
        let sum = value;
        for (let r = 0; r < count; r++) {
          sum += (maps[r * cells + i % cells] ?? NaN) * (given.contexts.data[r * 2] ?? NaN);
        }
        return sum;
      });
      return Promise.resolve({ dims: sample.dims, data });
    },
  };
  const cells = width * height;
  const sample = { dims: [1, 2, height, width], data: Float32Array.from({ length: 2 * cells }, (_, i) => i) };
  const half = (left: boolean) => Array.from({ length: cells }, (_, i) => (i % width < 4) === left ? 1 : 0);
  const maps = {
    count: 3,
    height,
    width,
    data: Float32Array.from([...new Array(cells).fill(0), ...half(true), ...half(false)]),
  };
  const contexts = [1, 100, 1000].map((value) => ({ dims: [1, 2], data: Float32Array.of(value, value) }));
  const windows = windowsOf({ width, height }, { size: 3, overlap: 1 });
  assert.equal(windows.length, 8);
  const told: number[] = [];
  for (const mode of ["attention", "latent"] as const) {
    seen.length = 0;
    const predictor = new Predictor({ unet, mode, height, width, guidanceScales: [1, 1, 1], windows });
    const parts = predictor.parts(contexts, maps);
    const predictions = [];
    for (const part of parts) predictions.push(await predictor.predict(sample, 1, part));
    const found = predictor.fuse(parts, predictions);
    found.forEach((value, i) => {
      const expected = i + (i % width < 4 ? 100 : 1000);
      assert.ok(Math.abs(value - expected) < 1e-3, `${mode}: ${i} is ${value}, not ${expected}`);
    });
    told.push(parts.length);
    // Their keys and values are projected once, whatever they see.
    const shared = new Set(seen.map(({ contexts }) => contexts.data));
    assert.equal(shared.size, mode === "attention" ? 1 : 2);
  }
  // One pass per window; between whole predictions, only for the regions that have weight in it: two of eight see both.
  assert.deepEqual(told, [8, 10]);
});

function region(name: string, x: number, seed: number | null = null): Region {
  const geometry = { kind: "RECTANGLE" as const, x, y: 0, width: 0.5, height: 1 };
  return { ...PLAIN_REGION, name, prompt: name, geometry, seed };
}

const MODEL = "tiny-sd15";
const folder = fileURLToPath(new URL(`../fixtures/models/${MODEL}`, import.meta.url));
const REQUEST: PictureRequest = {
  model: MODEL,
  layout: { ...PLAIN_LAYOUT, regions: [region("a cat", 0), region("a dog", 0.5)] },
  width: 64,
  height: 32,
  steps: 2,
  sampler: "euler",
  schedule: "model",
  guidanceScale: 3,
  guidanceStart: 0,
  guidanceEnd: 1,
  previews: "linear",
  seed: 1,
  mode: "attention",
  format: "PNG",
};

async function paint(pipeline: Pipeline, request: PictureRequest) {
  const passes: number[] = [], left: number[] = [];
  for await (const output of pipeline.generate(request)) {
    if (output.type === "IMAGE") return { image: output.image, passes, left };
    passes.push(output.passes);
    left.push(output.passesLeft);
  }
  throw new Error("There is no picture");
}

Deno.test("pictures by windows: one window is the picture as a whole, and work is counted by its area", async () => {
  const runtime = createWasmRuntime({ threads: 1, reason: "a test" });
  const model = new DiffusionModel(runtime, folder, MODEL);
  try {
    const pipeline = new Pipeline(model);
    const whole = await paint(pipeline, REQUEST);
    const single = await paint(pipeline, { ...REQUEST, windows: { size: 64, overlap: 16 } });
    assert.deepEqual(single.image.data, whole.image.data);

    const windowed = await paint(pipeline, { ...REQUEST, windows: { size: 32, overlap: 16 } });
    assert.equal(windowed.image.width, 64);
    assert.notDeepEqual(windowed.image.data, whole.image.data);
    // Three windows of half the picture, guided.
    assert.deepEqual(windowed.passes, [3, 3]);
    assert.deepEqual(windowed.left, [3, 0]);
  } finally {
    await model.release();
  }
});

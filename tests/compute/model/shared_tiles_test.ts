/** Autoencoders with group norms and attention by tiles, beside the whole picture at once. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { double, float } from "../../../elements.ts";
import { halvesOf } from "../../../compute/model/autoencoder_halves.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { tilesOf } from "../../../compute/model/shared_tiles.ts";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import { toParts } from "../../../compute/pipeline/rgb_image.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { photo } from "../../image/pictures.ts";

const models = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const WHOLE = { size: 1024, overlap: 1 };

const largest = (a: Float32Array, b: Float32Array) =>
  a.reduce((max, v, i) => Math.max(max, Math.abs(v - (b[i] ?? NaN))), 0);

Deno.test("tiles' cores are the picture, each with eight cells around it where the picture goes on", () => {
  for (
    const [width, height, size] of [[64, 64, 48], [192, 128, 64], [40, 100, 64], [24, 24, 64], [65, 130, 64]] as const
  ) {
    const seen = new Float64Array(width * height);
    for (const { x, y, width: columns, height: rows, core } of tilesOf({ width, height }, size)) {
      assert.ok(columns <= size && rows <= size && x >= 0 && y >= 0 && x + columns <= width && y + rows <= height);
      assert.ok(x === 0 || core.x - x === 8);
      assert.ok(y + rows === height || y + rows - core.y - core.height === 8);
      for (let i = 0; i < core.width * core.height; i++) {
        const at = (core.y + Math.floor(i / core.width)) * width + core.x + i % core.width;
        seen[at] = double(seen, at) + 1;
      }
    }
    assert.ok(seen.every((count) => count === 1));
  }
});

Deno.test("512 x 512 pixels decode by tiles as at once, within two of 255 steps", async () => {
  const runtime = createWasmRuntime({ threads: 1, reason: "a test" });
  const model = new DiffusionModel(runtime, `${models}/tiny-sd15`, "tiny-sd15");
  try {
    const decoder = await model.vaeDecoder();
    assert.equal(decoder.tiles.size, 64);
    // Another scale and level in each part, so that no tile's statistics are the picture's.
    const noise = new NormalNoise(3).draw(4 * 64 * 64);
    const data = noise.map((v, i) => (v * (i % 64 < 32 ? 3 : 0.3) + (Math.floor(i / 64) % 64 < 20 ? 2 : 0)) / 5);
    const latents = { dims: [1, 4, 64, 64], data };
    const whole = await decoder.decode(latents, WHOLE);
    const tiled = await decoder.decode(latents, { size: 48, overlap: 16 });
    assert.deepEqual(tiled.dims, whole.dims);
    const error = 127.5 * largest(tiled.data, whole.data);
    assert.ok(error <= 2, `${error} of 255`);
    assert.notDeepEqual(tiled.data, whole.data);
  } finally {
    await model.release();
  }
});

Deno.test("pictures encode by tiles as at once", async () => {
  const runtime = createWasmRuntime({ threads: 1, reason: "a test" });
  const model = new DiffusionModel(runtime, `${models}/tiny-sdxl`, "tiny-sdxl");
  try {
    const encoder = await model.vaeEncoder();
    const { data } = photo(256, 256);
    const image = toParts({ width: 256, height: 256, data: new Uint8Array(data) });
    const whole = await encoder.parameters(image, WHOLE);
    const tiled = await encoder.parameters(image, { size: 24, overlap: 16 });
    const scale = whole.data.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    const error = largest(tiled.data, whole.data) / scale;
    assert.ok(error < 1e-3, `${error} of the largest, ${scale}`);
    assert.ok(float(tiled.data, 0) !== float(whole.data, 0));
  } finally {
    await model.release();
  }
});

Deno.test("graphs are cut at the latents' resolution, and those in half floats are not", () => {
  const halves = halvesOf(readGraph(`${models}/tiny-sd15`, "vae_decoder"));
  const operators = (graph: { readonly node: readonly { readonly opType: string }[] } | undefined) =>
    new Set(graph?.node.map(({ opType }) => opType));
  assert.ok(!operators(halves?.coarse.graph).has("Resize") && operators(halves?.coarse.graph).has("Softmax"));
  assert.ok(operators(halves?.fine.graph).has("Resize"));
  assert.ok(!operators(halves?.fine.graph).has("InstanceNormalization"));
  const half = readGraph(`${models}/tiny-sd15-fp16`, "unet");
  assert.equal(halvesOf(half), undefined);
});

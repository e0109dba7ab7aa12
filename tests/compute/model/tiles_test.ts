/** The embedded model's autoencoder by tiles, beside the whole picture at once. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { toParts } from "../../../compute/pipeline/rgb_image.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { photo } from "../../image/pictures.ts";

const WHOLE = { size: 1024, overlap: 1 };
const TILES = { size: 32, overlap: 16 };

const largest = (a: Float32Array, b: Float32Array) =>
  a.reduce((max, v, i) => Math.max(max, Math.abs(v - (b[i] ?? NaN))), 0);

Deno.test("tiles decode and encode as the whole picture does, within two of 255 steps", async () => {
  const folder = fileURLToPath(new URL("../../../models/beds-256", import.meta.url));
  const runtime = createWasmRuntime({ threads: 1, reason: "a test" });
  const model = new DiffusionModel(runtime, folder, "beds-256");
  try {
    const encoder = await model.vaeEncoder(), decoder = await model.vaeDecoder();
    // Its convolutions see no more than their surroundings.
    assert.equal(decoder.tiles.size, 64);
    const { data } = photo(320, 320);
    const image = toParts({ width: 320, height: 320, data: new Uint8Array(data) });
    const means = ({ data }: { data: Float32Array }) => data.slice(0, data.length / 2);
    const whole = means(await encoder.parameters(image, WHOLE));
    assert.ok(largest(means(await encoder.parameters(image, TILES)), whole) < 0.01);

    const latents = { dims: [1, 4, 40, 40], data: whole };
    const decoded = await decoder.decode(latents, WHOLE);
    const tiled = await decoder.decode(latents, TILES);
    assert.deepEqual(tiled.dims, [1, 3, 320, 320]);
    assert.ok(largest(tiled.data, decoded.data) <= 2 / 127.5, `${largest(tiled.data, decoded.data) * 127.5} of 255`);
    assert.notDeepEqual(tiled.data, decoded.data);
  } finally {
    await model.release();
  }
});

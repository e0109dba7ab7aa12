/** A preview is decoded where somebody watches; elsewhere the linear map draws it. */

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { NO_IMAGES } from "../../../layout/masks/mask_image.ts";
import { requestFor } from "../../jobs/requests.ts";

const NAME = "tiny-sd15";
const stock = fileURLToPath(new URL(`../../fixtures/models/${NAME}`, import.meta.url));

Deno.test("only the steps that are watched are decoded", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  cpSync(stock, folder, { recursive: true });
  cpSync(join(stock, "vae_decoder"), join(folder, "taesd_decoder"), { recursive: true });
  const model = new DiffusionModel(createWasmRuntime({ threads: 1, reason: "tests run on WASM" }), folder, NAME);
  try {
    const decoder = await model.previewDecoder();
    const bands = decoder.bands.bind(decoder);
    let decoded = 0;
    decoder.bands = (latents) => {
      decoded++;
      return bands(latents);
    };
    const pipeline = new Pipeline(model);
    const request = { ...requestFor("a fox"), model: NAME, width: 32, height: 32, steps: 4, sampler: "euler" };
    const seen = async (previews: "autoencoder" | "linear", watched?: (step: number) => boolean) => {
      decoded = 0;
      const steps = [];
      for await (const output of pipeline.generate({ ...request, previews }, NO_IMAGES, watched)) {
        if (output.type === "STEP") steps.push([output.preview.width, output.previewMethod, decoded]);
      }
      return steps;
    };
    const linear = (decodings: number) => [4, "linear", decodings];
    const sharp = (decodings: number) => [32, "autoencoder", decodings];
    assert.deepEqual(await seen("autoencoder"), [sharp(1), sharp(2), sharp(3), sharp(4)]);
    assert.deepEqual(await seen("autoencoder", () => false), [linear(0), linear(0), linear(0), linear(0)]);
    assert.deepEqual(await seen("autoencoder", (step) => step === 2), [linear(0), sharp(1), linear(1), linear(1)]);
    assert.deepEqual(await seen("linear"), [linear(0), linear(0), linear(0), linear(0)]);
  } finally {
    await model.release();
    Deno.removeSync(folder, { recursive: true });
  }
});

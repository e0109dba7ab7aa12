/** Estimates of memory: what grows with a picture by windows. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type ModelConfig, readModelConfig } from "../../../compute/model/config.ts";
import { activationBytes, autoencoderBytes } from "../../../compute/model/inspect.ts";
import { pictureBytes } from "../../../compute/pipeline/picture_memory.ts";

const folder = fileURLToPath(new URL("../../fixtures/models/tiny-sd15", import.meta.url));

/** The sizes of Stable Diffusion 1.5, where feature maps count. */
const SD15: ModelConfig = {
  ...readModelConfig(folder, "tiny-sd15"),
  nativeSize: 512,
  autoencoder: { channels: [128, 256, 512, 512], attends: true },
};
const windows = { size: 512, overlap: 128 };
const at = (width: number, height: number) => pictureBytes(SD15, { width, height, steps: 4, windows });

Deno.test("by windows, memory grows by the picture's bytes and by what of the autoencoder sees it as a whole", () => {
  const native = at(512, 512);
  assert.equal(native, activationBytes(SD15) + 3 * 512 * 512);
  // 3 bytes a pixel, and four maps of 512 channels for each of its 64ths.
  const ofPixel = 3 + 4 * 512 * 4 / 64;
  const large = at(1024, 768), larger = at(1536, 1024);
  assert.equal(larger - large, ofPixel * (1536 * 1024 - 1024 * 768));
  assert.equal(large - native, ofPixel * 1024 * 768 - 3 * 512 * 512);
  const tiny = { ...SD15, autoencoder: { channels: [64, 64, 64, 64], attends: false } };
  assert.equal(
    autoencoderBytes(tiny, { width: 1536, height: 1024 }),
    autoencoderBytes(tiny, { width: 512, height: 512 }),
  );
});

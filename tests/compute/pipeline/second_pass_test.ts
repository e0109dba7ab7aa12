/** The second pass, beside the same pass as a generation of its own, which is compared with diffusers elsewhere. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { passesByStep } from "../../../compute/pipeline/passes.ts";
import type { PictureRequest } from "../../../compute/pipeline/request.ts";
import { enlargeLatents } from "../../../compute/pipeline/second_pass.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import type { MaskImages } from "../../../layout/masks/mask_image.ts";
import { PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../../layout/layout.ts";
import { requestFor } from "../../jobs/requests.ts";

Deno.test("latents are enlarged as PyTorch does it", () => {
  const latents = { dims: [1, 1, 2, 3], data: Float32Array.of(1, 4, 2, 0, -3, 8) };
  const { dims, data } = enlargeLatents(latents, 3, 5);
  assert.deepEqual(dims, [1, 1, 3, 5]);
  // torch.nn.functional.interpolate(x, size=(3, 5), mode="bilinear", align_corners=False)
  const expected = [1, 2.2, 4, 2.8, 2, 0.5, 0.5, 0.5, 3.2, 5, 0, -1.2, -3, 3.6, 8];
  data.forEach((value, i) =>
    assert.ok(Math.abs(value - (expected[i] ?? NaN)) < 1e-5, `${i}: ${value}, not ${expected[i]}`)
  );
});

const MODEL = "tiny-sd15";

function region(name: string, x: number): Region {
  return { ...PLAIN_REGION, name, prompt: name, geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 } };
}

const REQUEST: PictureRequest = {
  ...requestFor("a garden"),
  layout: { ...PLAIN_LAYOUT, regions: [region("a cat", 0), region("a dog", 0.5)] },
  model: MODEL,
  width: 32,
  height: 32,
  steps: 2,
  sampler: "euler",
};

async function paint(pipeline: Pipeline, request: PictureRequest, images?: MaskImages) {
  const told: (readonly number[])[] = [];
  for await (const output of pipeline.generate(request, images)) {
    if (output.type === "IMAGE") return { image: output.image, told };
    told.push([output.step, output.steps, output.passes]);
  }
  throw new Error("There is no picture");
}

Deno.test("a second pass paints the enlarged picture as a generation that starts from it would", async () => {
  const folder = fileURLToPath(new URL(`../../fixtures/models/${MODEL}`, import.meta.url));
  const model = new DiffusionModel(createWasmRuntime({ threads: 1, reason: "a test" }), folder, MODEL);
  try {
    const pipeline = new Pipeline(model);
    const secondPass = { scale: 2, upscale: "pixel", strength: 0.5, steps: 4 } as const;
    const twice = { ...REQUEST, secondPass };
    const both = await paint(pipeline, twice);
    assert.equal(both.image.width, 64);

    const { image: first } = await paint(pipeline, REQUEST);
    const opaque = new Uint8Array(32 * 32 * 4).map((_, i) =>
      i % 4 === 3 ? 255 : first.data[Math.floor(i / 4) * 3 + i % 4] ?? 0
    );
    const alone = await paint(
      pipeline,
      { ...REQUEST, width: 64, height: 64, steps: 4, init: { image: "first", strength: 0.5, mask: null } },
      new Map([["first", { width: 32, height: 32, data: opaque }]]),
    );
    assert.deepEqual(both.image.data, alone.image.data);

    // Two steps, then half of four; each pass of the second counts as four.
    const passes = passesByStep(twice, { calls: 2, secondCalls: 4, guidanceEmbedded: false });
    assert.deepEqual(both.told, passes.map((count, i) => [i + 1, 4, count]));
    assert.equal(passes[2], 4 * (passes[0] ?? NaN));

    const fromLatents = await paint(pipeline, { ...REQUEST, secondPass: { ...secondPass, upscale: "latent" } });
    assert.equal(fromLatents.image.height, 64);
    assert.notDeepEqual(fromLatents.image.data, both.image.data);
  } finally {
    await model.release();
  }
});

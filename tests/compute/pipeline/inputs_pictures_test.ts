/** Whole pictures that start from others: what may change, what may not, and what decides on it. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import type { InitPicture, PictureRequest, RepaintMask } from "../../../compute/pipeline/request.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { PLAIN_LAYOUT, PLAIN_REGION } from "../../../layout/layout.ts";
import { requestFor } from "../../jobs/requests.ts";

const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const EDGE = 64, PIXELS = EDGE * EDGE;

/** Pixels of many colours, so that nothing is kept by chance. */
const picture = Uint8Array.from(new NormalNoise(3).draw(PIXELS * 4), (v) => 128 + 50 * v);
for (let i = 3; i < picture.length; i += 4) picture[i] = 255;
const images = new Map([["picture", { width: EDGE, height: EDGE, data: picture }]]);

const LEFT: RepaintMask = { area: { kind: "REGION", region: "left" }, inverted: false, feather: 0 };
const layout = {
  ...PLAIN_LAYOUT,
  basePrompt: "a red fox",
  regions: [{
    ...PLAIN_REGION,
    name: "left",
    prompt: "a mountain",
    geometry: { kind: "RECTANGLE", x: 0, y: 0, width: 0.5, height: 1 },
  }],
} as const;

async function paint(model: string, more: Partial<PictureRequest>, init: Partial<InitPicture> | null = {}) {
  const opened = new DiffusionModel(
    runtime,
    fileURLToPath(new URL(`../../fixtures/models/${model}`, import.meta.url)),
    model,
  );
  const request: PictureRequest = {
    ...requestFor("a red fox"),
    layout,
    width: EDGE,
    height: EDGE,
    steps: 4,
    guidanceScale: 1,
    ...more,
    ...init === null ? {} : { init: { image: "picture", strength: 0.5, mask: null, ...init } },
  };
  const steps: string[] = [];
  try {
    for await (const output of new Pipeline(opened).generate(request, images)) {
      if (output.type === "STEP") steps.push(`${output.step}/${output.steps}`);
      else return { steps, data: output.image.data };
    }
  } finally {
    await opened.release();
  }
  throw new Error("no picture");
}

/** Pixels that differ from the start, by whether a column is left of the middle. */
function changed(data: Uint8Array): { readonly left: number; readonly right: number } {
  const count = { left: 0, right: 0 };
  for (let i = 0; i < PIXELS; i++) {
    const differs = [0, 1, 2].some((c) => data[i * 3 + c] !== picture[i * 4 + c]);
    if (differs) count[i % EDGE < EDGE / 2 ? "left" : "right"]++;
  }
  return count;
}

for (const model of ["tiny-sd15", "tiny-inpaint"]) {
  Deno.test(`${model} repaints a region and leaves every other pixel as it was, in both modes`, async () => {
    for (const mode of ["attention", "latent"] as const) {
      const { steps, data } = await paint(model, { mode }, { strength: 1, mask: LEFT });
      assert.deepEqual(steps, ["1/4", "2/4", "3/4", "4/4"]);
      const { left, right } = changed(data);
      assert.equal(right, 0);
      assert(left > PIXELS * 0.45, `${left} of ${PIXELS / 2} pixels`);
    }
  });
}

Deno.test("a picture is painted in the steps of its strength, and by its seeds", async () => {
  const first = await paint("tiny-sd15", {});
  assert.deepEqual(first.steps, ["1/2", "2/2"]);
  assert.deepEqual(await paint("tiny-sd15", {}), first, "again");
  const others = [
    await paint("tiny-sd15", { seed: 2 }),
    await paint("tiny-sd15", { variation: { seed: 2, strength: 0.2 } }),
    await paint("tiny-sd15", {}, { strength: 0.25 }),
    await paint("tiny-sd15", {}, { mask: LEFT }),
    await paint("tiny-sd15", {}, null),
  ];
  for (const { data } of others) assert.notDeepEqual(data, first.data);
});

Deno.test("a soft border blends the painted with what was there", async () => {
  const hard = await paint("tiny-sd15", {}, { mask: LEFT });
  const soft = await paint("tiny-sd15", {}, { mask: { ...LEFT, feather: 0.1 } });
  const right = changed(soft.data).right;
  assert.equal(changed(hard.data).right, 0);
  assert(right > PIXELS * 0.05 && right < PIXELS * 0.45, `${right} pixels`);
});

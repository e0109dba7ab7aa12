/** Pictures that are left after a step and gone on with elsewhere: they are the ones that nobody left, byte for byte. */

import assert from "node:assert/strict";
import { packed, unpacked } from "../../../compute/pipeline/checkpoint.ts";
import type { Pipeline } from "../../../compute/pipeline/generate.ts";
import type { GenerationOutput } from "../../../compute/pipeline/generation_output.ts";
import { ForeignStateError, type PictureState } from "../../../compute/pipeline/picture_state.ts";
import type { PictureRequest } from "../../../compute/pipeline/request.ts";
import { samplers } from "../../../compute/sampler/registry.ts";
import { NO_IMAGES } from "../../../layout/masks/mask_image.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { images, pipelinesOf, REQUEST, reroll, SCENES } from "./scenes.ts";

/** What of an output does not depend on the clock. */
function timeless(output: GenerationOutput): unknown {
  if (output.type === "IMAGE") return { image: output.image, attention: output.attention };
  const { step, steps, passes, passesLeft, preview, regionMasks } = output;
  return { step, steps, passes, passesLeft, preview, regionMasks };
}

/** All outputs, from the start or from a state; where steps give none that can be gone on from, nothing. */
async function paint(pipeline: Pipeline, request: PictureRequest, from: PictureState | null = null) {
  const outputs: GenerationOutput[] = [];
  for await (const output of pipeline.generate(request, request.init ? images : NO_IMAGES, undefined, from)) {
    outputs.push(output);
  }
  return outputs;
}

/** Goes on from the state after each of some steps, as it is read from bytes, and compares what is painted then. */
async function compare(changes: Partial<PictureRequest>, pick: (step: number) => boolean): Promise<void> {
  const request = { ...REQUEST, ...changes };
  const [first, second] = pipelinesOf(request.model);
  const whole = await paint(first, request);
  let compared = 0;
  for (const [i, output] of whole.entries()) {
    if (output.type === "IMAGE") continue;
    assert.equal(output.state === null, output.step === output.steps, "only the last step gives none");
    if (output.state === null || !pick(output.step)) continue;
    const state = unpacked(packed(output.state)) as PictureState;
    const rest = await paint(second, request, state);
    const found = whole.slice(0, i + 1).some((before) => before.type === "STEP" && before.regionMasks !== null);
    const expected = whole.slice(i + 1).map(timeless);
    // Masks that were found before are told once more, with the first step.
    const told = rest.map(timeless).map((told, k) =>
      found && k === 0 ? { ...told as object, regionMasks: null } : told
    );
    assert.deepEqual(told, expected, `from step ${output.step}`);
    if (found) assert(rest[0]?.type === "STEP" && rest[0].regionMasks !== null);
    compared++;
  }
  assert(compared > 0, "some step was gone on from");
}

for (const { name, schedules } of samplers) {
  // Any step will do: a failure names it, and `tests/compute/sampler` takes all calls one after the other.
  const picked = 1 + Math.floor(5 * Math.random());
  Deno.test(`${name} goes on from a step`, async () => {
    const schedule = schedules.find((schedule) => schedule === "karras") ?? "model";
    await compare({ sampler: name, schedule, steps: 6 }, (step) => step === picked);
  });
}

for (const [name, [changes, ...steps]] of Object.entries(SCENES)) {
  Deno.test(`${name} goes on`, () => compare(changes, (step) => steps.includes(step)));
}

Deno.test("regions found by words go on, before and after they are found", async () => {
  const resolution = resolveLayout(
    {
      basePrompt: "a fox, forest",
      regions: [{ name: "fox", prompt: "a cat", geometry: { words: { of: "fox" } } }],
    },
    { maxRegions: 8 },
  );
  assert("layout" in resolution);
  const words = { model: "beds-256", layout: resolution.layout, sampler: "euler-a" };
  await compare({ ...words, steps: 6 }, (step) => step < 4);
  const secondPass = { scale: 2, upscale: "latent", strength: 0.5, steps: 4 } as const;
  await compare({ ...words, steps: 4, secondPass }, (step) => step === 4 || step === 5);
});

Deno.test("what was found by windows in a first pass goes on in a second one", async () => {
  const resolution = resolveLayout(
    {
      basePrompt: "a fox, forest",
      regions: [{ name: "fox", prompt: "a cat", geometry: { words: { of: "fox" } } }],
    },
    { maxRegions: 8 },
  );
  assert("layout" in resolution);
  const secondPass = { scale: 2, upscale: "latent", strength: 0.5, steps: 4 } as const;
  const windows = { size: 64, overlap: 32 };
  await compare({ layout: resolution.layout, windows, secondPass, steps: 4 }, (step) => step > 2);
});

Deno.test("a state of another request is refused", async () => {
  const [pipeline] = pipelinesOf("tiny-sd15");
  const [step] = await paint(pipeline, { ...REQUEST, steps: 2 });
  assert(step?.type === "STEP" && step.state !== null);
  const { state } = step;
  await assert.rejects(paint(pipeline, { ...REQUEST, width: 32 }, state), ForeignStateError);
  await assert.rejects(paint(pipeline, { ...REQUEST, rerolls: [reroll("left", 1)] }, state), ForeignStateError);
  await assert.rejects(paint(pipeline, REQUEST, { ...state, pass: 1 }), ForeignStateError);
  const secondPass = { scale: 2, upscale: "latent", strength: 0.5, steps: 2 } as const;
  const twice = { ...REQUEST, secondPass };
  await assert.rejects(paint(pipeline, twice, { ...state, pass: 1 }), ForeignStateError);
  for (const paths of [[], [new Float32Array(4)]]) {
    const before = { paths, found: [] };
    await assert.rejects(paint(pipeline, twice, { ...state, pass: 1, before }), ForeignStateError);
  }
});

/** What SDXL and LCM take beside latents, timestep and contexts. */

import assert from "node:assert/strict";
import { addedInputs, findAddedInputs, guidanceEmbedding } from "../../../compute/model/added_inputs.ts";
import { readModelConfig } from "../../../compute/model/config.ts";
import { UnsupportedGraphError } from "../../../compute/graph/unsupported.ts";
import { fileURLToPath } from "node:url";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../tools/parity/reference.ts";

const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const config = (name: string) => readModelConfig(fixture(`models/${name}`), name);

Deno.test("a plain UNet takes nothing more", () => {
  const inputs = findAddedInputs(["sample", "timestep"], ["sample", "timestep"], config("tiny-sd15"));
  assert.deepEqual(inputs, { ofFamily: null, guidanceWidth: null, vaeFactor: 8 });
  assert.equal(addedInputs({ pooled: null, height: 16, width: 16 }, inputs).size, 0);
});

Deno.test("an unknown input is refused by name", () => {
  assert.throws(
    () => findAddedInputs(["sample", "class_labels"], ["sample"], config("tiny-sd15")),
    (error) => error instanceof UnsupportedGraphError && error.message.includes('"class_labels"'),
  );
});

Deno.test("a guidance input that the config does not describe is refused", () => {
  assert.throws(() => findAddedInputs(["timestep_cond"], [], config("tiny-sd15")), UnsupportedGraphError);
});

Deno.test("SDXL is told the picture's size in pixels, height first", () => {
  const inputs = findAddedInputs(["text_embeds", "time_ids"], [], config("tiny-sdxl"));
  const pooled = { dims: [3], data: Float32Array.of(1, 2, 3) };
  const feeds = addedInputs({ pooled, height: 10, width: 20 }, inputs);
  assert.deepEqual(feeds.get("time_ids"), { dims: [1, 6], data: Float32Array.of(80, 160, 0, 0, 80, 160) });
  assert.deepEqual(feeds.get("text_embeds"), { dims: [1, 3], data: pooled.data });
  assert.throws(() => addedInputs({ pooled: null, height: 10, width: 20 }, inputs), RangeError);
});

Deno.test("LCM's guidance embedding is diffusers'", () => {
  interface Document {
    readonly cases: readonly { readonly case: string; readonly guidance_embedded: number }[];
  }
  for (const file of ["steps", "loops"]) {
    const { cases } = readReferenceJson<Document>(fixture(`oracle/tiny-lcm/${file}.json`));
    const tensors = readSafetensors(fixture(`oracle/tiny-lcm/${file}.safetensors`));
    for (const item of cases) {
      const expected = tensors.get(`${item.case}/timestep_cond`);
      assert(expected);
      const own = guidanceEmbedding(item.guidance_embedded, expected.data.length);
      // One unit in the last place of an angle in the thousands.
      assert(maxDifference(own, expected.data) <= 5e-4);
    }
  }
});

Deno.test("an embedding of odd width ends in 0; a scale of 1 is sines of 0 and cosines of 0", () => {
  assert.deepEqual(guidanceEmbedding(1, 5), Float32Array.of(0, 0, 1, 1, 0));
});

Deno.test("LCM needs a guidance scale", () => {
  const inputs = findAddedInputs(["timestep_cond"], [], config("tiny-lcm"));
  assert.equal(inputs.guidanceWidth, 16);
  assert.throws(() => addedInputs({ pooled: null, height: 16, width: 16 }, inputs), RangeError);
});

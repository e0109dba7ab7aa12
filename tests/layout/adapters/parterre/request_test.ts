/** Parterre's own text: the layout and settings of a picture come back as they were. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { GenerationRequest } from "../../../../jobs/request.ts";
import { pictureTexts } from "../../../../jobs/picture_record.ts";
import { readMade } from "../../../../layout/adapters/parterre/made.ts";
import { readOwnRequest } from "../../../../layout/adapters/parterre/request.ts";
import type { Layout } from "../../../../layout/layout.ts";
import { resolveLayout } from "../../../../layout/resolve/resolve.ts";
import { takeSettings } from "../../../../schema/layout/imported_settings.ts";
import { randomCompleteSpec } from "../../random_complete_layout.ts";
import { problemsOf, understood } from "../adapting.ts";
import { resolveOrThrow } from "../../random_layout.ts";

const request = (layout: Layout): GenerationRequest => ({
  model: "beds-256",
  layout,
  savedLayout: { id: "x", version: 3 },
  width: 128,
  height: 64,
  steps: 4,
  sampler: "euler",
  schedule: "karras",
  guidanceScale: 3,
  guidanceStart: 0.1,
  guidanceEnd: 0.9,
  previews: "autoencoder",
  seed: 4294967295,
  mode: "latent",
  loras: [{ name: "ink", weight: 0.5 }],
  regionalLora: "WEIGHTED",
  format: "PNG",
});
const MADE = { version: "1.2.3", provider: "wasm", model: "ab".repeat(32), "lora dusk": null };
const written = (layout: Layout) => pictureTexts(request(layout), MADE)["parterre"] ?? assert.fail();

Deno.test("the layout of a picture comes back as it was, whatever is in it", () => {
  fc.assert(
    fc.property(randomCompleteSpec, (spec) => {
      const resolution = resolveLayout(spec, { maxRegions: 64 });
      if (!("layout" in resolution)) return;
      const adaptation = readOwnRequest(written(resolution.layout), ["text"]);
      assert("spec" in adaptation);
      const again = resolveLayout(adaptation.spec, { maxRegions: 64 });
      // JSON has no -0.
      assert.deepEqual(again, { layout: JSON.parse(JSON.stringify(resolution.layout)) });
      assert.deepEqual(adaptation.warnings, []);
    }),
    { numRuns: 500 },
  );
});

Deno.test("the settings of a picture come back, its model too", () => {
  const adaptation = readOwnRequest(written(resolveOrThrow({ basePrompt: "fox" })), ["text"]);
  assert("spec" in adaptation);
  assert.deepEqual(takeSettings(adaptation.settings, true), {
    settings: {
      model: "beds-256",
      width: 128,
      height: 64,
      steps: 4,
      sampler: "euler",
      schedule: "karras",
      guidanceScale: 3,
      guidanceStart: 0.1,
      guidanceEnd: 0.9,
      previews: "AUTOENCODER",
      seed: 4294967295,
      mode: "LATENT",
      loras: [{ name: "ink", weight: 0.5 }],
      regionalLora: "WEIGHTED",
    },
    warnings: [],
  });
});

Deno.test("what a picture was started from comes back by the names of the input", () => {
  const layout = resolveOrThrow({
    basePrompt: "fox",
    regions: [{ name: "sky", prompt: "a" }],
    grid: { direction: "COLUMNS", ratios: "1" },
  });
  const image = "1".repeat(64), mask = "2".repeat(64);
  const settings = (more: Partial<GenerationRequest>) => {
    const text = pictureTexts({ ...request(layout), ...more }, MADE)["parterre"] ?? "";
    const adaptation = readOwnRequest(text, ["text"]);
    assert("spec" in adaptation);
    assert.deepEqual(adaptation.warnings, []);
    return adaptation.settings;
  };
  const part = { inverted: true, feather: 0.1 };
  const init = { image, strength: 0.5, mask: { area: { kind: "IMAGE", image: mask }, ...part } } as const;
  const common = { initImage: image, strength: 0.5, maskInverted: true, maskFeather: 0.1 };
  assert.partialDeepStrictEqual(settings({ init, clipSkip: 2, variation: { seed: 3, strength: 0.2 } }), {
    ...common,
    maskImage: mask,
    clipSkip: 2,
    variationSeed: 3,
    variationStrength: 0.2,
  });
  const region = { ...init, mask: { area: { kind: "REGION", region: "sky" }, ...part } } as const;
  assert.partialDeepStrictEqual(settings({ init: region }), { ...common, maskRegion: "sky" });
});

Deno.test("a picture from before there was a syntax has its prompts as they stand", () => {
  const text = JSON.stringify({ layout: { basePrompt: "a (fox)", regions: [] } });
  assert.equal(understood(readOwnRequest(text, ["text"])).layout.promptSyntax, "PLAIN");
});

Deno.test("fields of another version, and values that are none, are told; what is no request is refused", () => {
  const text = JSON.stringify({
    layout: { basePrompt: "a", new: 1, regions: [{ name: "r", prompt: "b", geometry: { kind: "REST" }, newer: 2 }] },
    steps: "many",
    newest: 3,
    constructor: "x",
  });
  const { warnings, layout } = understood(readOwnRequest(text, ["text"]));
  assert.equal(layout.regions.length, 1);
  assert.deepEqual(warnings.map(({ path }) => path.join(".")), [
    "text.steps",
    "text.newest",
    "text.constructor",
    "text.layout.new",
    "text.layout.regions.0.newer",
  ]);
  assert.deepEqual(problemsOf(readOwnRequest("[]", ["text"])), [
    'text: must be a request of Parterre as JSON, with its layout, got "[]"',
  ]);
});

Deno.test("what made a picture comes back, and is nothing where nothing or rubbish says it", () => {
  const told = Object.entries(MADE).filter(([, is]) => is !== null);
  assert.deepEqual([...readMade(written(resolveOrThrow({ basePrompt: "fox" })))], told);
  for (const text of ["", "{}", '{"made": 3}', '{"made": {"version": 3}}', "[]", '{"made": null}']) {
    assert.equal(readMade(text).size, 0, text);
  }
});

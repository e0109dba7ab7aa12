/** What is written for a web UI is read back as the same regions. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type ParametersFacts, writeParameters } from "../../../../layout/adapters/a1111/export.ts";
import { readParameters } from "../../../../layout/adapters/a1111/parameters.ts";
import { pictureLoras } from "../../../../layout/loras.ts";
import { resolveOrThrow } from "../../random_layout.ts";
import { understood } from "../adapting.ts";

const FACTS: ParametersFacts = {
  steps: 20,
  sampler: "DPM++ 2M",
  schedule: "karras",
  guidanceScale: 7.5,
  seed: 42,
  width: 512,
  height: 768,
  clipSkip: 1,
  loras: [],
  model: "a, model: of mine",
  modelHash: "0123456789abcdef",
  latent: false,
  version: "Parterre 1.2.3",
};

const words = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,3}$/);

Deno.test("grids come back with their prompts, base and settings", () => {
  fc.assert(
    fc.property(
      fc.array(words, { minLength: 2, maxLength: 4 }),
      words,
      words,
      fc.constantFrom("COLUMNS", "ROWS"),
      (prompts, basePrompt, negativePrompt, direction) => {
        const layout = resolveOrThrow({
          basePrompt,
          negativePrompt,
          grid: { direction: direction as "COLUMNS" | "ROWS", ratios: prompts.map(() => "1").join(",") },
          regions: prompts.map((prompt, i) => ({ name: `region ${i + 1}`, prompt, baseRatio: 0.25 })),
        });
        const { adaptation, regional } = readParameters(writeParameters(layout, FACTS), ["text"]);
        assert(regional && "spec" in adaptation);
        const { layout: read } = understood(adaptation);
        assert.deepEqual(
          read.regions.map(({ prompt, baseRatio }) => [prompt, baseRatio]),
          prompts.map((p) => [p, 0.25]),
        );
        assert.deepEqual([read.basePrompt, read.negativePrompt], [basePrompt, negativePrompt]);
        assert.deepEqual(read.regions.map(({ geometry }) => geometry), layout.regions.map(({ geometry }) => geometry));
        const { steps, sampler, guidanceScale, seed, width, height, model } = FACTS;
        assert.deepEqual(adaptation.settings, {
          ...{ steps, sampler, schedule: "Karras", guidanceScale, seed, width, height, model },
        });
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("regions whose places cannot be said are prompts with BREAK between them", () => {
  const layout = resolveOrThrow({
    basePrompt: "field",
    regions: [{ name: "r", prompt: "fox", geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.1, ry: 0.1 } } }],
  });
  const text = writeParameters(layout, FACTS);
  assert.match(text, /^field BREAK\nfox\nSteps: 20, /);
  assert.doesNotMatch(text, /RP Active/);
});

Deno.test("LoRAs of the picture and of regions come back as what they are, and so does clip skip", () => {
  const own = [{ name: "clay", weight: -1 }], whole = [{ name: "ink", weight: 0.5 }];
  for (const basePrompt of ["", "field"]) {
    const layout = resolveOrThrow({
      basePrompt,
      grid: { direction: "COLUMNS", ratios: "1,1" },
      regions: [{ name: "region 1", prompt: "fox", loras: own }, { name: "region 2", prompt: "owl <lora:wax:2>" }],
    });
    const { adaptation } = readParameters(writeParameters(layout, { ...FACTS, clipSkip: 2, loras: whole }), ["text"]);
    const { layout: read } = understood(adaptation);
    assert.deepEqual(pictureLoras(read), { whole, regions: [own, [{ name: "wax", weight: 2 }]] });
    assert("settings" in adaptation);
    assert.equal(adaptation.settings.clipSkip, 2);
  }
});

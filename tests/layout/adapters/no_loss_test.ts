/** No word of a text disappears: it is in the layout that was read, or in a warning. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readParameters } from "../../../layout/adapters/a1111/parameters.ts";
import type { Adaptation } from "../../../layout/adapters/adapted.ts";
import { readComfyAreas } from "../../../layout/adapters/comfyui/areas.ts";
import { readInvokeMetadata } from "../../../layout/adapters/invokeai/metadata.ts";
import { readKritaDocument } from "../../../layout/adapters/krita_ai/document.ts";
import { readOmostCanvas } from "../../../layout/adapters/omost/canvas.ts";
import { readRegionalPrompt } from "../../../layout/adapters/regional_prompter/prompt.ts";

/** Inputs of each reader; the whole number is 100,000: set PARTERRE_RUNS. */
const numRuns = Number(Deno.env.get("PARTERRE_RUNS") ?? 2000);

/** How many marker words an input has at most. */
const MARKERS = 12;

/** An input of marker words, each of which is there once. */
type Build = (next: () => string) => unknown;

/** Asserts that each marker is in the layout, the settings or a warning, wherever the reader finds no problem. */
function keeps(builds: fc.Arbitrary<Build>, read: (input: never) => Adaptation): void {
  let layouts = 0;
  fc.assert(
    fc.property(builds, (build) => {
      let count = 0;
      const input = build(() => `marker${count++}x`);
      const answer = read(input as never);
      if ("problems" in answer) return;
      layouts++;
      const told = JSON.stringify(answer);
      for (let i = 0; i < count; i++) {
        assert(told.includes(`marker${i}x`), `marker ${i} of ${JSON.stringify(input)}: ${told}`);
      }
    }),
    { numRuns },
  );
  assert(layouts > numRuns / 20, `${layouts} layouts`);
}

/** Pieces of a text, of which empty ones are marker words. */
const pieces = (...between: readonly string[]) =>
  fc.array(fc.oneof(fc.constant(""), fc.constantFrom(...between)), { maxLength: MARKERS }).map(
    (parts) => (next: () => string) => parts.map((part) => part === "" ? next() : part).join(" "),
  );

const regional = fc.record({
  prompt: pieces("BREAK", "ADDCOL", "ADDROW", "ADDBASE", "ADDCOMM", "AND", ",", "(", ")", "<lora:x:1>"),
  negative: pieces("BREAK", "ADDCOMM", ","),
  ratios: fc.constantFrom("", "1,1", "1,1,1", "1,2,1;1,1", "2,2"),
  mode: fc.constantFrom("COLUMNS" as const, "ROWS" as const, "MASK" as const),
  useBase: fc.boolean(),
  useCommon: fc.boolean(),
});

Deno.test("Regional Prompter: every word of the prompts is kept", () => {
  keeps(
    regional.map(({ prompt, negative, ...rest }) => (next) => ({
      ...rest,
      prompt: prompt(next),
      negativePrompt: negative(next),
      maskAsset: "ab".repeat(32),
    })),
    readRegionalPrompt,
  );
});

Deno.test("web UIs: every word of the prompts and every setting is kept", () => {
  const prompt = pieces("BREAK", "AND", ",", "\n", "(x:1.2)");
  const fields = fc.array(fc.constantFrom("Steps", "Seed", "Model", "Sampler", "Hires upscale", "Clip skip", "Size"));
  keeps(
    fc.tuple(prompt, prompt, fields).map(([prompt, negative, names]) => (next) => {
      const list = ["Steps: 3", ...names.map((name) => `${name}: ${next()}`)].join(", ");
      return `${prompt(next)}\nNegative prompt: ${negative(next)}\n${list}`;
    }),
    (text: string) => readParameters(text, ["text"]).adaptation,
  );
});

Deno.test("Omost's calls: every word is kept", () => {
  const local = fc.record({
    location: fc.constantFrom("on the left", "in the center", "left"),
    area: fc.constantFrom("a large vertical area", "small"),
    tags: fc.boolean(),
  });
  keeps(
    fc.array(local, { maxLength: 3 }).map((locals) => (next) => {
      const calls = locals.map(({ location, area, tags }) =>
        `canvas.add_local_description("${location}", "no offset", "${area}", 1, description="${next()}", ` +
        `detailed_descriptions=["${next()}"]${tags ? `, tags="${next()}", style="${next()}"` : ""})`
      );
      return [`canvas.set_global_description("${next()}", ["${next()}"])`, ...calls].join("\n");
    }),
    (text: string) => readOmostCanvas({ text }),
  );
});

Deno.test("ComfyUI's areas: every word is kept", () => {
  const area = fc.record({ x: fc.double({ min: 0, max: 0.9, noNaN: true }), strength: fc.constantFrom(0, 1, 2) });
  keeps(
    fc.array(area, { maxLength: 4 }).map((areas) => (next) => ({
      basePrompt: next(),
      negativePrompt: next(),
      areas: areas.map((own) => ({ ...own, y: 0, width: 0.5, height: 1, prompt: next(), negativePrompt: next() })),
    })),
    readComfyAreas,
  );
});

Deno.test("InvokeAI: every word and every setting is kept", () => {
  const layer = fc.record({
    type: fc.constantFrom("rect", "brush_line", "image"),
    x: fc.integer({ min: -50, max: 150 }),
    isEnabled: fc.boolean(),
  });
  keeps(
    fc.tuple(fc.array(layer, { maxLength: 3 }), fc.boolean()).map(([layers, sized]) => (next) =>
      JSON.stringify({
        positive_prompt: next(),
        negative_prompt: next(),
        ...(sized ? { width: 100, height: 100 } : {}),
        scheduler: next(),
        rand_device: next(),
        loras: [{ model: { name: next() } }],
        canvas_v2_metadata: {
          regionalGuidance: layers.map(({ type, x, isEnabled }) => ({
            positivePrompt: next(),
            negativePrompt: next(),
            isEnabled,
            objects: [{ type, points: [x, 1, x + 9, 9], strokeWidth: 4, rect: { x, y: 0, width: 50, height: 50 } }],
          })),
        },
      })
    ),
    (json: string) => readInvokeMetadata(json, ["json"]),
  );
});

Deno.test("Krita AI: every word of the prompts is kept", () => {
  keeps(
    fc.tuple(fc.nat(3), fc.constantFrom("", " {prompt}")).map(([regions, around]) => (next) => ({
      json: JSON.stringify({
        root: { positive: `${next()}${around}`, negative: next() },
        regions: Array.from({ length: regions }, () => ({ positive: next(), layer_ids: "a" })),
      }),
    })),
    readKritaDocument,
  );
});

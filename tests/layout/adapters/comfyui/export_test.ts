/** Layouts as workflows: what comes back is equal, or the difference is a warning at its field. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type ComfyWorkflow, comfyWorkflowOf } from "../../../../layout/adapters/comfyui/export.ts";
import { readComfyWorkflow } from "../../../../layout/adapters/comfyui/workflow.ts";
import type { ImportedSettings } from "../../../../layout/adapters/settings.ts";
import type { GeometrySpec, Layout, RegionSpec } from "../../../../layout/layout.ts";
import type { ParsedPrompt } from "../../../../layout/prompt/prompt.ts";
import { parsedPrompts } from "../../../../layout/prompts.ts";
import { promptAt } from "../../../../layout/prompt/schedule.ts";
import { compileWeightMaps } from "../../../../layout/weights/weight_maps.ts";
import { understood } from "../adapting.ts";
import { randomSpec, resolveOrThrow } from "../../random_layout.ts";

const SIZE = { width: 96, height: 64 };
const SETTINGS: ImportedSettings = {
  ...{ model: "m.safetensors", steps: 12, sampler: "dpmpp-2m", schedule: "karras", guidanceScale: 6, seed: 7 },
  ...SIZE,
};

const told = ({ warnings }: ComfyWorkflow) => warnings.map(({ code, path }) => `${code} ${path.join(".")}`);
const nodesOf = ({ json }: ComfyWorkflow): Record<string, { class_type: string; inputs: Record<string, unknown> }> =>
  JSON.parse(json);
const typesOf = (workflow: ComfyWorkflow) => Object.values(nodesOf(workflow)).map(({ class_type }) => class_type);

/** What is encoded: chunks of weighted texts. ComfyUI has no BREAK, so its case is none of an exported text. */
function encoded(prompt: ParsedPrompt): unknown {
  return promptAt(prompt, 0, 1_000).map((part) =>
    part.map(({ text, weight }) => [text.replaceAll("BREAK", "break"), weight])
  );
}

function reads({ positive, negative }: ReturnType<typeof parsedPrompts>): unknown {
  return [positive.map(encoded), negative.map(encoded)];
}

/** The workflow of a layout, read again. */
function back(layout: Layout, settings = SETTINGS) {
  const workflow = comfyWorkflowOf(layout, settings);
  return { workflow, ...understood(readComfyWorkflow({ json: workflow.json })) };
}

const word = fc.constantFrom("fox", "a (red:1.3) owl", "[dim] sea", "\\(sic\\)", "a BREAK b", "x:y|z", "c\\\\d", "é");
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(", "));
const spans = (edge: number) =>
  fc.tuple(fc.nat(edge), fc.nat(edge)).filter(([a, b]) => a !== b).map(([a, b]) =>
    [Math.min(a, b), Math.abs(a - b)] as const
  );
const rectangle = fc.tuple(spans(SIZE.width), spans(SIZE.height)).map(([[x, width], [y, height]]): GeometrySpec => ({
  rectangle: {
    ...{ x: x / SIZE.width, y: y / SIZE.height, width: width / SIZE.width, height: height / SIZE.height },
  },
}));
const shape = fc.oneof(
  { weight: 3, arbitrary: rectangle },
  fc.array(rectangle, { minLength: 1, maxLength: 3 }).map((union): GeometrySpec => ({ union })),
  fc.tuple(rectangle, rectangle).map(([from, cut]): GeometrySpec => ({ subtraction: { from, subtract: [cut] } })),
  fc.nat(2).map((cell): GeometrySpec => ({ cell })),
);
const region: fc.Arbitrary<RegionSpec> = fc.record({
  ...{ geometry: shape, prompt: text, style: fc.constantFrom("", "oil"), weight: fc.constantFrom(0.5, 1, 2, 4) },
  negativePrompt: fc.option(text, { nil: null }),
});
const layouts = fc.record({
  ...{ basePrompt: text, commonPrompt: fc.constantFrom("", "noto style"), negativePrompt: text },
  emphasis: fc.constantFrom("COMFY" as const, "COMFY" as const, "COMFY" as const, "NO_NORM" as const),
  aspect: fc.constantFrom(null, 1.5),
  grid: fc.constant({ direction: "COLUMNS" as const, ratios: "1,2,1" }),
  regions: fc.array(region, { maxLength: 4 }),
}).map(resolveOrThrow);

Deno.test("export: a layout of rectangles comes back equal wherever no warning says otherwise", () => {
  let equal = 0;
  fc.assert(
    fc.property(layouts, (layout) => {
      const { workflow, layout: read } = back(layout);
      const answer = readComfyWorkflow({ json: workflow.json });
      assert("settings" in answer);
      assert.deepEqual(answer.settings, { ...SETTINGS, sampler: "dpmpp_2m" });
      if (workflow.warnings.length > 0) return;
      equal++;
      assert.equal(read.regions.length, layout.regions.length);
      assert.deepEqual(reads(parsedPrompts(read)), reads(parsedPrompts(layout)));
      const [first] = layout.regions, [again] = read.regions;
      const factor = (again?.weight ?? 1) / (first?.weight ?? 1);
      read.regions.forEach(({ weight, start, end }, i) => {
        assert(Math.abs(weight - factor * (layout.regions[i]?.weight ?? 0)) < 1e-9);
        assert.deepEqual([start, end], [0, 1]);
      });
      const maps = [layout, read].map((own) => compileWeightMaps(own, { ...SIZE, factor: 1 }).data);
      assert(maps[0]?.every((share, i) => Math.abs(share - (maps[1]?.[i] ?? NaN)) < 1e-6));
    }),
    { numRuns: 400 },
  );
  assert(equal > 200, `${equal} without warnings`);
});

Deno.test("export: any layout gives a workflow that is read without problems, and says what it leaves out", () => {
  fc.assert(
    fc.property(randomSpec, (spec) => {
      const layout = resolveOrThrow(spec);
      const { workflow, layout: read } = back(layout);
      const fields = new Set(told(workflow).map((line) => line.split(" ")[1]));
      const lost = layout.regions.filter((own, i) =>
        !own.enabled || fields.has(`layout.regions.${i}.geometry`) || fields.has(`layout.regions.${i}.geometry.mask`)
      );
      assert(read.regions.length + lost.length >= layout.regions.length);
      layout.regions.forEach(({ enabled, baseRatio }, i) => {
        if (!enabled) assert(fields.has(`layout.regions.${i}.enabled`));
        else if (baseRatio > 0) {
          assert(fields.has(`layout.regions.${i}.baseRatio`) || fields.has(`layout.regions.${i}.geometry`));
        }
      });
      if (layout.overlap === "Z_ORDER" && layout.regions.length > 1) assert(fields.has("layout.overlap"));
    }),
    { numRuns: 150 },
  );
});

Deno.test("export: every field that a workflow cannot say is a warning at it", () => {
  const layout = resolveOrThrow({
    ...{ overlap: "Z_ORDER", holes: "NEAREST", aspect: 2, basePrompt: "[fox|owl]" },
    regions: [
      {
        ...{ prompt: "fox", geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } },
        ...{ baseRatio: 0.2, guidanceScale: 5, seed: 3, start: 0.1, feather: 0.05, weight: 200 },
      },
      { prompt: "owl", geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.2, ry: 0.2 } } },
      { prompt: "off", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 1 } }, enabled: false },
      { prompt: "sea", geometry: { mask: { asset: "ab".repeat(32), channel: "ALPHA" } } },
    ],
  });
  const workflow = comfyWorkflowOf(layout, { sampler: "tcd", schedule: "lu" });
  assert.deepEqual(told(workflow), [
    "NOT_EXPORTED settings.model",
    "NOT_EXPORTED settings.width",
    "NOT_EXPORTED layout.overlap",
    "NOT_EXPORTED layout.holes",
    "SETTING_APPROXIMATED layout.regions",
    "MASK_APPROXIMATED layout.regions.0.feather",
    "TIMESTEP_RANGE layout.regions.0.start",
    "NOT_EXPORTED layout.regions.0.baseRatio",
    "NOT_EXPORTED layout.regions.0.guidanceScale",
    "NOT_EXPORTED layout.regions.0.seed",
    "MASK_APPROXIMATED layout.regions.1.geometry",
    "NOT_EXPORTED layout.regions.2.enabled",
    "MASK_TO_UPLOAD layout.regions.3.geometry.mask",
    "NOT_EXPORTED layout.basePrompt",
    "NOT_EXPORTED settings.sampler",
    "NOT_EXPORTED settings.schedule",
  ]);
  assert.match(JSON.stringify(nodesOf(workflow)), /"width":1024,"height":512/);
});

Deno.test("export: a plain picture is the workflow that everybody knows", () => {
  const layout = resolveOrThrow({ basePrompt: "a (red:1.2) fox", negativePrompt: "blur", emphasis: "COMFY" });
  const workflow = comfyWorkflowOf(layout, SETTINGS);
  assert.deepEqual(typesOf(workflow), [
    ...["CheckpointLoaderSimple", "CLIPTextEncode", "CLIPTextEncode", "EmptyLatentImage", "KSampler"],
    ...["VAEDecode", "SaveImage"],
  ]);
  assert.deepEqual(nodesOf(workflow)["2"]?.inputs, { text: "a (red:1.2) fox", clip: ["1", 1] });
  assert.deepEqual(nodesOf(workflow)["5"]?.inputs, {
    ...{ model: ["1", 0], positive: ["2", 0], negative: ["3", 0], latent_image: ["4", 0] },
    ...{ seed: 7, steps: 12, cfg: 6, sampler_name: "dpmpp_2m", scheduler: "karras", denoise: 1 },
  });
  assert.deepEqual(workflow.warnings, []);
  const other = comfyWorkflowOf({ ...layout, emphasis: "NO_NORM" }, SETTINGS);
  assert.deepEqual(told(other), ["NOT_EXPORTED layout.emphasis"]);
});

Deno.test("export: LoRAs of the whole picture are loaded one after the other and come back, those of regions are told", () => {
  const layout = resolveOrThrow({
    basePrompt: "hill <lora:clay:-1>",
    regions: [{
      name: "r",
      prompt: "fox <lora:wax:1>",
      geometry: { rectangle: { x: 0, y: 0, width: 1, height: 0.5 } },
    }],
  });
  const workflow = comfyWorkflowOf(layout, { ...SETTINGS, loras: [{ name: "ink", weight: 0.5 }] });
  assert.deepEqual(told(workflow), ["NOT_EXPORTED layout.regions.0.prompt"]);
  const read = readComfyWorkflow({ json: workflow.json });
  assert("settings" in read);
  assert.deepEqual(read.settings.loras, [{ name: "ink", weight: 0.5 }, { name: "clay", weight: -1 }]);
  assert.deepEqual(read.warnings, []);
});

Deno.test("export: a feather becomes a ramp, and comes back within a pixel", () => {
  const layout = resolveOrThrow({
    regions: [{
      ...{ prompt: "fox", feather: 0.05, geometry: { rectangle: { x: 0.25, y: 0, width: 0.5, height: 1 } } },
    }],
  });
  const { layout: { regions: [region] } } = back(layout);
  assert(region?.geometry.kind === "RECTANGLE");
  const { x, y, width, height } = region.geometry;
  assert(Math.abs(x - 0.25) < 1 / 96 && Math.abs(width - 0.5) < 2 / 96 && y === 0 && height === 1);
  assert(Math.abs(region.feather - 0.05) < 0.5 / 64);
});

// deno-lint-ignore-file no-non-null-assertion
/** ComfyUI's areas and workflows: where prompts go, and what is said of everything else. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type ComfyArea, readComfyAreas } from "../../../../layout/adapters/comfyui/areas.ts";
import { comfyText } from "../../../../layout/adapters/comfyui/text.ts";
import { readComfyWorkflow } from "../../../../layout/adapters/comfyui/workflow.ts";
import type { Layout } from "../../../../layout/layout.ts";
import { parsePrompt } from "../../../../layout/prompt/parse.ts";
import { promptAt } from "../../../../layout/prompt/schedule.ts";
import { compileWeightMaps } from "../../../../layout/weights/weight_maps.ts";
import { codes, problemsOf, understood } from "../adapting.ts";

const area = (changes: Partial<ComfyArea> = {}): ComfyArea => ({
  prompt: "fox",
  x: 0,
  y: 0,
  width: 0.5,
  height: 1,
  ...changes,
});

const rectangles = ({ regions }: Layout) =>
  regions.map(({ geometry }) =>
    geometry.kind === "RECTANGLE" ? [geometry.x, geometry.y, geometry.width, geometry.height] : null
  );

Deno.test("areas: pixels of a canvas, or fractions of it, are the same layout", () => {
  const fractions = understood(readComfyAreas({
    areas: [area({ x: 0.25, y: 0.5, width: 0.5, height: 0.5, strength: 2, start: 0.2, end: 0.8 })],
  }));
  const pixels = understood(readComfyAreas({
    areas: [area({ x: 192, y: 256, width: 384, height: 256, strength: 2, start: 0.2, end: 0.8 })],
    canvas: { width: 768, height: 512 },
  }));
  assert.deepEqual(fractions.layout.regions, pixels.layout.regions);
  assert.deepEqual(rectangles(pixels.layout), [[0.25, 0.5, 0.5, 0.5]]);
  const [region] = pixels.layout.regions;
  assert.deepEqual([region!.weight, region!.start, region!.end], [2, 0.2, 0.8]);
  assert.deepEqual([fractions.layout.aspect, pixels.layout.aspect], [null, 1.5]);
  assert.deepEqual(pixels.warnings, []);
});

Deno.test("areas: overlaps are shared in proportion to the strengths", () => {
  const areas = [area({ width: 1, strength: 3 }), area({ prompt: "sea" })];
  const { layout } = understood(readComfyAreas({ areas }));
  const { data } = compileWeightMaps(layout, { width: 2, height: 1, factor: 1 });
  assert.deepEqual([...data], [0, 0, 0.75, 1, 0.25, 0]);
});

Deno.test("areas: what leaves the canvas is cropped, rounding is none, and strength 0 is kept but not painted", () => {
  const cropped = understood(readComfyAreas({ areas: [area({ x: 0.75, width: 0.5 })] }));
  assert.deepEqual(rectangles(cropped.layout), [[0.75, 0, 0.25, 1]]);
  assert.deepEqual(codes(cropped), ["AREA_CROPPED"]);
  assert.deepEqual(codes(understood(readComfyAreas({ areas: [area({ x: 0.7000000000000002, width: 0.3 })] }))), []);
  const off = understood(readComfyAreas({ areas: [area({ strength: 0 })] }));
  assert.deepEqual([off.layout.regions[0]!.enabled, codes(off)], [false, ["STRENGTH_ZERO"]]);
});

Deno.test("areas: values out of range are problems, each at its field", () => {
  const areas = [area({ x: 1 }), area({ width: 0 }), area({ strength: 11 }), area({ start: 0.5, end: 0.5 })];
  assert.deepEqual(problemsOf(readComfyAreas({ areas, canvas: { width: 1, height: 0 } })), [
    "input.canvas.height: must be greater than 0 pixels, got 0",
    "input.areas[0].x: must lie inside the canvas, got 1",
    "input.areas[1].width: must be greater than 0, got 0",
    "input.areas[2].strength: must be at most 10, got 11",
    "input.areas[3].end: must be greater than start, which is 0.5, got 0.5",
  ]);
});

Deno.test("texts: weights mean the same, and everything else is text", () => {
  const read = (text: string) =>
    promptAt(parsePrompt(comfyText(text), "WEIGHTED"), 0, 1).map((part) =>
      part.map(({ text, weight }) => [text, weight])
    );
  assert.deepEqual(read("a [b|c] (d:1.5) \\(e\\) f\\g"), [[["a [b|c] ", 1], ["d", 1.5], [" (e) f\\g", 1]]]);
  assert.deepEqual(read("a BREAK b, BREAKFAST"), [[["a break b, BREAKFAST", 1]]]);
  fc.assert(fc.property(fc.string(), (text) => {
    const plain = text.replace(/[\\()]/g, "");
    const [part = [], ...more] = promptAt(parsePrompt(comfyText(plain), "WEIGHTED"), 0, 1);
    assert.equal(more.length, 0);
    assert.equal(part.map(({ text }) => text).join(""), plain);
  }));
});

const text = (id: string, value: string) => ({ [id]: { class_type: "CLIPTextEncode", inputs: { text: value } } });
const node = (id: string, class_type: string, inputs: Record<string, unknown>) => ({ [id]: { class_type, inputs } });
const sampler = node("9", "KSampler", { positive: ["8", 0], negative: ["7", 0], latent_image: ["6", 0], steps: 20 });
const latent = node("6", "EmptyLatentImage", { width: 1024, height: 512, batch_size: 1 });
const pixels = { x: 512, y: 0, width: 512, height: 512, strength: 1.5 };

/** Two areas, one of them in pixels, on a background. */
const API = {
  ...text("1", "meadow"),
  ...text("2", "fox"),
  ...text("3", "owl [1]"),
  ...text("7", "blur"),
  ...node("4", "ConditioningSetArea", { conditioning: ["2", 0], ...pixels }),
  ...node("5", "ConditioningSetAreaPercentage", {
    conditioning: ["3", 0],
    ...{ x: 0, y: 0.5, width: 0.5, height: 0.5, strength: 1 },
  }),
  ...node("10", "ConditioningCombine", { conditioning_1: ["1", 0], conditioning_2: ["4", 0] }),
  ...node("8", "ConditioningCombine", { conditioning_1: ["10", 0], conditioning_2: ["5", 0] }),
  ...latent,
  ...sampler,
};

const workflow = (nodes: unknown) => readComfyWorkflow({ json: JSON.stringify(nodes) });

Deno.test("workflow: areas of the API's format, on the canvas of the empty latent image", () => {
  const { layout, warnings } = understood(workflow(API));
  assert.deepEqual(layout.regions.map(({ prompt, weight }) => [prompt, weight]), [
    ["meadow", 1],
    ["fox", 1.5],
    ["owl \\[1\\]", 1],
  ]);
  assert.deepEqual(rectangles(layout), [[0, 0, 1, 1], [0.5, 0, 0.5, 1], [0, 0.5, 0.5, 0.5]]);
  assert.deepEqual([layout.basePrompt, layout.negativePrompt, layout.aspect], ["meadow", "blur", 2]);
  assert.deepEqual(warnings, []);
  assert.deepEqual(understood(workflow({ prompt: API, client_id: "x" })).layout, layout);
});

/** The same graph as the editor saves it. */
function editor(api: Record<string, { class_type: string; inputs: Record<string, unknown> }>): unknown {
  const links: unknown[] = [];
  const order: Record<string, string[]> = {
    CLIPTextEncode: ["text"],
    ConditioningSetArea: ["width", "height", "x", "y", "strength"],
    ConditioningSetAreaPercentage: ["width", "height", "x", "y", "strength"],
    EmptyLatentImage: ["width", "height", "batch_size"],
  };
  const nodes = Object.entries(api).map(([id, { class_type, inputs }]) => ({
    id: Number(id),
    type: class_type,
    mode: 0,
    inputs: Object.entries(inputs).flatMap(([name, value]) => {
      if (!Array.isArray(value)) return [];
      links.push([links.length + 1, Number(value[0]), value[1], Number(id), 0, "CONDITIONING"]);
      return [{ name, type: "CONDITIONING", link: links.length }];
    }),
    widgets_values: (order[class_type] ?? []).map((name) => inputs[name]),
  }));
  return { nodes, links, version: 0.4 };
}

Deno.test("workflow: the editor's format is the same graph", () => {
  assert.deepEqual(understood(workflow(editor(API))).layout, understood(workflow(API)).layout);
});

Deno.test("workflow: one prompt without an area is a plain picture", () => {
  const { layout } = understood(workflow({ ...text("8", "a fox"), ...text("7", ""), ...latent, ...sampler }));
  assert.deepEqual([layout.basePrompt, layout.regions], ["a fox", []]);
});

Deno.test("workflow: a mere strength or time range keeps a whole prompt a region", () => {
  const range = node("8", "ConditioningSetTimestepRange", { conditioning: ["1", 0], start: 0, end: 0.5 });
  const result = understood(workflow({ ...text("1", "a fox"), ...range, ...text("7", ""), ...latent, ...sampler }));
  assert.deepEqual(result.layout.regions.map(({ start, end }) => [start, end]), [[0, 0.5]]);
  assert.deepEqual(codes(result), ["TIMESTEP_RANGE"]);
  const strength = node("8", "ConditioningSetAreaStrength", { conditioning: ["1", 0], strength: 2 });
  const strong = workflow({ ...text("1", "a fox"), ...strength, ...text("7", ""), ...latent, ...sampler });
  assert.deepEqual(understood(strong).layout.regions.map(({ weight }) => weight), [2]);
});

Deno.test("workflow: concatenated prompts are one prompt with BREAK", () => {
  const concat = node("8", "ConditioningConcat", { conditioning_to: ["1", 0], conditioning_from: ["2", 0] });
  const nodes = { ...text("1", "a fox"), ...text("2", "a BREAK"), ...concat, ...text("7", ""), ...latent, ...sampler };
  assert.equal(understood(workflow(nodes)).layout.basePrompt, "a fox BREAK a break");
});

Deno.test("workflow: nodes that are not understood are passed over, and named", () => {
  const control = node("8", "ControlNetApplyAdvanced", { positive: ["1", 0], negative: ["2", 0], strength: 1 });
  const both = { ...sampler["9"]!.inputs, positive: ["8", 0], negative: ["8", 1] };
  const nodes = { ...text("1", "a fox"), ...text("2", "blur"), ...control, ...latent, ...node("9", "KSampler", both) };
  const result = understood(workflow(nodes));
  assert.deepEqual([result.layout.basePrompt, result.layout.negativePrompt], ["a fox", "blur"]);
  assert.deepEqual(codes(result), ["NODE_UNKNOWN"]);
  assert.deepEqual(result.warnings[0]!.path, ["input", "json", "8"]);
});

Deno.test("workflow: negatives of areas go with the prompts of the same areas, others are left out, and said to be", () => {
  const nodes = {
    ...API,
    ...text("20", "feathers"),
    ...node("21", "ConditioningSetArea", { conditioning: ["20", 0], ...pixels, strength: 1 }),
    ...node("22", "ConditioningSetArea", { conditioning: ["20", 0], ...pixels, x: 0 }),
    ...text("23", "blur"),
    ...node("24", "ConditioningCombine", { conditioning_1: ["23", 0], conditioning_2: ["21", 0] }),
    ...node("7", "ConditioningCombine", { conditioning_1: ["24", 0], conditioning_2: ["22", 0] }),
  };
  const result = understood(workflow(nodes));
  assert.deepEqual(result.layout.regions.map(({ negativePrompt }) => negativePrompt), [null, "feathers", null]);
  assert.equal(result.layout.negativePrompt, "blur");
  assert.deepEqual(codes(result), ["NEGATIVE_LEFT_OUT"]);
});

Deno.test("workflow: what cannot be followed is a problem, with its node", () => {
  const cut = (nodes: unknown) => problemsOf(workflow(nodes));
  assert.deepEqual(cut({ ...API, ...node("10", "ConditioningCombine", { conditioning_1: ["8", 0] }) }), [
    'input.json.10.conditioning_1: must not be connected to itself, got "8"',
    "input.json.10.conditioning_2: must be connected to a conditioning, got undefined",
  ]);
  const { 6: _, ...sizeless } = API;
  assert.match(cut(sizeless)[0]!, /^input.json.4: must be on a canvas of known size/);
  assert.deepEqual(
    understood(readComfyWorkflow({ json: JSON.stringify(sizeless), canvas: { width: 1024, height: 512 } })).layout,
    understood(workflow(API)).layout,
  );
  assert.match(cut(text("1", "a"))[0]!, /^input.json: must have a sampler with a positive input/);
  assert.match(cut([])[0]!, /^input.json: must be a workflow with nodes/);
  assert.match(problemsOf(readComfyWorkflow({ json: "{" }))[0]!, /^input.json: must be the JSON of a workflow: /);
  assert.match(cut({ ...API, ...node("2", "CLIPTextEncode", { text: 5 }) })[0]!, /^input.json.2.text: must be a text/);
  assert.match(cut({ ...API, ...node("4", "ConditioningSetArea", { conditioning: ["2", 0] }) })[0]!, /^input.json.4\./);
});

Deno.test("workflow: prompts that double with every node end in a problem, not in memory", () => {
  const doubled = (type: string, [a, b]: readonly [string, string]) => {
    const nodes: Record<string, unknown> = { ...text("n0", "fox"), ...text("7", ""), ...latent, ...sampler };
    for (let i = 1; i <= 60; i++) {
      Object.assign(nodes, node(`n${i}`, type, { [a]: [`n${i - 1}`, 0], [b]: [`n${i - 1}`, 0] }));
    }
    return problemsOf(workflow({ ...nodes, ...node("8", "Reroute", { "": ["n60", 0] }) }))[0]!;
  };
  assert.match(doubled("ConditioningCombine", ["conditioning_1", "conditioning_2"]), /must combine at most 256/);
  assert.match(doubled("ConditioningConcat", ["conditioning_to", "conditioning_from"]), /at most 100000 characters/);
});

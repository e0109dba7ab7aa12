/** InvokeAI's metadata: prompts, settings, and regional guidance where the file states its place. */

import assert from "node:assert/strict";
import { readInvokeMetadata } from "../../../../layout/adapters/invokeai/metadata.ts";
import { problemsOf, understood } from "../adapting.ts";

const read = (metadata: unknown) => {
  const adaptation = readInvokeMetadata(JSON.stringify(metadata), ["json"]);
  if ("problems" in adaptation) assert.fail(problemsOf(adaptation).join("\n"));
  return { ...understood(adaptation), settings: adaptation.settings };
};
const told = (metadata: unknown) =>
  read(metadata).warnings.map(({ code, path }) => `${code} ${path.slice(1).join(".")}`);

/** As version 5 writes it. */
const METADATA = {
  generation_mode: "sdxl_txt2img",
  positive_prompt: "meadow",
  negative_prompt: "blur",
  width: 1024,
  height: 512,
  seed: 7,
  cfg_scale: 5.5,
  steps: 30,
  scheduler: "dpmpp_2m_k",
  model: { key: "abc", name: "Dreams XL", base: "sdxl", type: "main" },
  rand_device: "cpu",
  seamless_x: false,
  loras: [],
  app_version: "5.6.0",
};
const layer = (changes: Record<string, unknown>) => ({
  id: "regional_guidance:1",
  type: "regional_guidance",
  name: null,
  isEnabled: true,
  isLocked: false,
  position: { x: 0, y: 0 },
  opacity: 0.5,
  fill: { style: "solid", color: { r: 1, g: 2, b: 3 } },
  positivePrompt: "fox",
  negativePrompt: null,
  referenceImages: [],
  autoNegative: false,
  objects: [{ id: "rect:1", type: "rect", rect: { x: 0, y: 0, width: 512, height: 512 }, color: {} }],
  ...changes,
});
const withLayers = (...layers: unknown[]) => ({
  ...METADATA,
  canvas_v2_metadata: { rasterLayers: [], controlLayers: [], inpaintMasks: [], regionalGuidance: layers },
});

Deno.test("prompts and settings", () => {
  const { layout, settings, warnings } = read(METADATA);
  assert.deepEqual([layout.basePrompt, layout.negativePrompt, layout.aspect, layout.promptSyntax], [
    "meadow",
    "blur",
    2,
    "PLAIN",
  ]);
  assert.deepEqual(settings, {
    width: 1024,
    height: 512,
    seed: 7,
    guidanceScale: 5.5,
    steps: 30,
    sampler: "dpmpp_2m",
    schedule: "karras",
    model: "Dreams XL",
  });
  assert.deepEqual(warnings.map(({ message }) => message), [
    'rand_device: "cpu" has no counterpart here, so it was left out',
  ]);
});

Deno.test("rectangles of a layer are its place, moved with the layer and cropped at the picture's border", () => {
  const two = [{ type: "rect", rect: { x: 0, y: 0, width: 256, height: 256 } }, {
    type: "rect",
    rect: { x: 900, y: 0, width: 512, height: 512 },
  }];
  const { layout, warnings } = read(withLayers(
    layer({ name: "left", negativePrompt: "owl" }),
    layer({ position: { x: 512, y: 128 }, positivePrompt: "boat", isEnabled: false }),
    layer({ objects: two, positivePrompt: "sea" }),
  ));
  assert.deepEqual(
    layout.regions.map(({ name, prompt, negativePrompt, enabled }) => [name, prompt, negativePrompt, enabled]),
    [["left", "fox", "owl", true], ["region 2", "boat", null, false], ["region 3", "sea", null, true]],
  );
  assert.deepEqual(layout.regions.map(({ geometry }) => geometry), [
    { kind: "RECTANGLE", x: 0, y: 0, width: 0.5, height: 1 },
    { kind: "RECTANGLE", x: 0.5, y: 0.25, width: 0.5, height: 0.75 },
    {
      kind: "UNION",
      of: [
        { kind: "RECTANGLE", x: 0, y: 0, width: 0.25, height: 0.5 },
        { kind: "RECTANGLE", x: 900 / 1024, y: 0, width: 124 / 1024, height: 1 },
      ],
    },
  ]);
  const at = "canvas_v2_metadata.regionalGuidance";
  assert.deepEqual(warnings.map(({ code, path }) => `${code} ${path.slice(1).join(".")}`), [
    "SETTING_LEFT_OUT rand_device",
    `PLACE_ASSUMED ${at}.0`,
    `AREA_CROPPED ${at}.1`,
    `AREA_CROPPED ${at}.2`,
  ]);
});

Deno.test("brush strokes, images and erasers leave a region switched off, on the box of its strokes", () => {
  const stroke = { type: "brush_line", strokeWidth: 64, points: [96, 96, 416, 224] };
  const pressed = { type: "brush_line_with_pressure", strokeWidth: 64, points: [96, 96, 0.5, 416, 224, 1] };
  const eraser = { type: "eraser_line", strokeWidth: 10, points: [0, 0, 1, 1] };
  for (const objects of [[stroke], [pressed], [stroke, eraser], [stroke, { type: "image", image: {} }]]) {
    const { layout, warnings } = read(withLayers(layer({ objects })));
    const [region] = layout.regions;
    assert.equal(region?.enabled, false);
    assert.deepEqual(region.geometry, { kind: "RECTANGLE", x: 0.0625, y: 0.125, width: 0.375, height: 0.375 });
    assert(warnings.some(({ code }) => code === "MASK_LEFT_OUT"));
  }
  const { layout } = read(withLayers(layer({ objects: [{ type: "image", image: {} }] })));
  assert.deepEqual(layout.regions[0]?.geometry, { kind: "RECTANGLE", x: 0, y: 0, width: 1, height: 1 });
});

Deno.test("what a layer says beside its prompts, and other layers, are told", () => {
  const at = "canvas_v2_metadata.regionalGuidance.0";
  const layers = withLayers(layer({ autoNegative: true, referenceImages: [{}, {}] }));
  const metadata = { ...layers, canvas_v2_metadata: { ...layers.canvas_v2_metadata, controlLayers: [{}] } };
  assert.deepEqual(told(metadata), [
    "SETTING_LEFT_OUT rand_device",
    "SETTING_LEFT_OUT canvas_v2_metadata.controlLayers",
    `PLACE_ASSUMED ${at}`,
    `SETTING_LEFT_OUT ${at}.autoNegative`,
    `SETTING_LEFT_OUT ${at}`,
  ]);
});

Deno.test("layers of version 4 are read", () => {
  const { layout } = read({
    ...METADATA,
    control_layers: {
      version: 3,
      layers: [{
        type: "regional_guidance_layer",
        x: 512,
        y: 0,
        positivePrompt: "owl",
        negativePrompt: null,
        autoNegative: "invert",
        maskObjects: [{ type: "vector_mask_rect", x: 0, y: 0, width: 512, height: 256 }],
      }, { type: "ip_adapter_layer" }],
    },
  });
  assert.deepEqual(layout.regions.map(({ prompt, geometry }) => [prompt, geometry]), [
    ["owl", { kind: "RECTANGLE", x: 0.5, y: 0, width: 0.5, height: 0.5 }],
  ]);
});

Deno.test("a layer without a prompt of its own has the picture's; one without anything is none", () => {
  const { layout } = read(withLayers(
    layer({ positivePrompt: null, negativePrompt: "owl" }),
    layer({ positivePrompt: null, objects: [] }),
  ));
  assert.deepEqual(layout.regions.map(({ prompt, negativePrompt }) => [prompt, negativePrompt]), [["meadow", "owl"]]);
});

Deno.test("emphasis in its syntax stays text, and that is said", () => {
  for (const positive_prompt of ["a (red)1.2 fox", "a fox++", "an owl-, sea", '("a", "b").blend(0.5, 0.5) (x)0.8']) {
    assert(told({ ...METADATA, positive_prompt }).includes("EMPHASIS_KEPT "), positive_prompt);
  }
  assert.deepEqual(told({ ...METADATA, positive_prompt: "a well-known fox (red), f/2.8 - day" }), [
    "SETTING_LEFT_OUT rand_device",
  ]);
});

Deno.test("what is no object is refused", () => {
  assert.deepEqual(problemsOf(readInvokeMetadata("[1]", ["json"])), [
    'json: must be InvokeAI\'s metadata, a JSON object, got "[1]"',
  ]);
});

Deno.test("LoRAs with their weights, of both generations of files, and clip skip, which counts what is left out there", () => {
  const loras = [
    { model: { key: "k", name: "Ink wash", base: "sd-1", type: "lora" }, weight: 0.75 },
    { lora: { model_name: "clay", base_model: "sd-1" }, weight: -0.5 },
    { model: { name: "plain" } },
    { model: { key: "nameless" }, weight: 1 },
  ];
  const { settings, warnings } = read({ ...METADATA, loras, clip_skip: 1 });
  assert.deepEqual(settings.loras, [
    { name: "Ink wash", weight: 0.75 },
    { name: "clay", weight: -0.5 },
    { name: "plain", weight: 1 },
  ]);
  assert.equal(settings.clipSkip, 2);
  assert.deepEqual(warnings.filter(({ code }) => code === "LORA_LEFT_OUT").map(({ path }) => path.join(".")), [
    "json.loras.3",
  ]);
  assert.equal(read({ ...METADATA, clip_skip: 0 }).settings.clipSkip, 1);
});

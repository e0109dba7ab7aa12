/** Documents of Krita's plug-in AI Diffusion: prompts as it merges them, and places as far as its text states them. */

import assert from "node:assert/strict";
import { readKritaDocument } from "../../../../layout/adapters/krita_ai/document.ts";
import { problemsOf, understood } from "../adapting.ts";
import { pictureLoras } from "../../../../layout/loras.ts";
import { layoutPrompts } from "../../../../layout/prompts.ts";

const read = (state: unknown) => {
  const adaptation = readKritaDocument({ json: JSON.stringify(state) });
  if ("problems" in adaptation) assert.fail(problemsOf(adaptation).join("\n"));
  return { ...understood(adaptation), settings: adaptation.settings };
};

const STATE = {
  version: 1,
  root: { positive: "photo", negative: "blur" },
  regions: [{ positive: "fox", layer_ids: "{a}" }, { positive: "owl", layer_ids: "{b},{c}" }],
  control: [],
  history: [{
    id: "1",
    slot: 0,
    offsets: [0],
    params: {
      bounds: [100, 0, 400, 200],
      name: "x",
      seed: 9,
      regions: [
        { layer_id: "{a}", prompt: "fox", bounds: [0, 0, 300, 200] },
        { layer_id: "{c}", prompt: "owl", bounds: [300, 50, 100, 100] },
      ],
      metadata: {},
    },
  }],
};

Deno.test("the document's prompt stands behind a region's, and alone for what they leave", () => {
  const { layout } = read(STATE);
  const { positive, negative } = layoutPrompts(layout);
  assert.deepEqual(positive, ["photo", "fox, photo", "owl, photo"]);
  assert.deepEqual(negative, ["blur", "blur", "blur"]);
  const placed = read({ ...STATE, root: { positive: "photo of {prompt}, soft", negative: "" } });
  assert.deepEqual(layoutPrompts(placed.layout).positive, [
    "photo of , soft",
    "photo of fox, soft",
    "photo of owl, soft",
  ]);
});

Deno.test("regions are switched off on the boxes that the history states", () => {
  const { layout, settings, warnings } = read(STATE);
  assert.deepEqual(layout.regions.map(({ geometry, enabled }) => [geometry, enabled]), [
    [{ kind: "RECTANGLE", x: 0, y: 0, width: 0.5, height: 1 }, false],
    [{ kind: "RECTANGLE", x: 0.5, y: 0.25, width: 0.25, height: 0.5 }, false],
  ]);
  assert.deepEqual(settings, { width: 400, height: 200, seed: 9 });
  assert.deepEqual(warnings.map(({ code, path }) => `${code} ${path.join(".")}`), [
    "MASK_LEFT_OUT input.json.regions.0",
    "MASK_LEFT_OUT input.json.regions.1",
  ]);
});

Deno.test("without a history they have the whole canvas, and control layers are told", () => {
  const { layout, warnings } = read({ ...STATE, history: [], control: [{}] });
  assert.deepEqual(layout.regions[0]?.geometry, { kind: "RECTANGLE", x: 0, y: 0, width: 1, height: 1 });
  assert(warnings.some(({ code, path }) => code === "SETTING_LEFT_OUT" && path.at(-1) === "control"));
});

Deno.test("what is no such document is refused", () => {
  assert.deepEqual(problemsOf(readKritaDocument({ json: "{}" })), [
    'input.json: must be the JSON that the plug-in keeps in the document, with its "root", got "{}"',
  ]);
});

Deno.test("LoRAs of the style that the latest picture was painted with, and those that prompts name", () => {
  const [entry] = STATE.history;
  const loras = [
    { name: "styles/ink.safetensors", strength: 0.6 },
    { name: "off.safetensors", strength: 1, enabled: false },
    { name: "clay", strength: -1, enabled: true },
    { strength: 1 },
  ];
  const history = [{ ...entry, params: { ...entry?.params, metadata: { loras } } }];
  const { settings, layout } = read({ ...STATE, history, root: { positive: "photo <lora:wax:0.5>", negative: "" } });
  assert.deepEqual(settings.loras, [{ name: "ink", weight: 0.6 }, { name: "clay", weight: -1 }]);
  assert.deepEqual(pictureLoras(layout).whole, [{ name: "wax", weight: 0.5 }]);
});

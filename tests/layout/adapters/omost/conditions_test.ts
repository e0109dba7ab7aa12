/** Omost's canvases as the JSON that ComfyUI's nodes for it save. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readOmostCanvas } from "../../../../layout/adapters/omost/canvas.ts";
import { codes, understood } from "../adapting.ts";

const read = (value: unknown) => understood(readOmostCanvas({ text: JSON.stringify(value) }));
const problems = (text: string) => {
  const adaptation = readOmostCanvas({ text });
  if (!("problems" in adaptation)) return [];
  return adaptation.problems.map(({ code, path }) => [code, path.slice(2).join(".")]);
};

Deno.test("a single condition that covers the canvas is the base prompt", () => {
  const { spec, warnings } = read([
    { rect: [0, 90, 0, 90], prefixes: ["A harbour."], suffixes: ["boats"], color: [1, 2, 3] },
  ]);
  assert.equal(spec.basePrompt, "A harbour. boats.");
  assert.deepEqual(spec.regions, []);
  assert.deepEqual(warnings.map(({ code, path }) => [code, path.join(".")]), [
    ["COLOUR_LEFT_OUT", "input.text.0.color"],
  ]);
});

Deno.test("rect is top, bottom, left, right in 90ths; later conditions are nearer", () => {
  const { spec } = read([
    { rect: [0, 90, 0, 90], prefixes: ["A harbour"], suffixes: [] },
    { rect: [0, 45, 0, 30], prefixes: ["A harbour", "Sky"], suffixes: ["clouds, ", "gulls."] },
    { rect: [9, 90, 45, 90], prefixes: ["A harbour", "A boat"] },
  ]);
  assert.deepEqual(spec.regions, [
    {
      prompt: "A harbour. Sky. clouds. gulls.",
      geometry: { rectangle: { x: 0, y: 0, width: 1 / 3, height: 0.5 } },
      z: 0,
    },
    { prompt: "A harbour. A boat.", geometry: { rectangle: { x: 0.5, y: 0.1, width: 0.5, height: 0.9 } }, z: 1 },
  ]);
});

Deno.test("without a first condition that covers the canvas there is no base prompt", () => {
  const { spec } = read([
    { rect: [0, 90, 0, 45], prefixes: ["left"], suffixes: [] },
    { rect: [0, 90, 0, 90], prefixes: ["all"], suffixes: [] },
  ]);
  assert.equal(spec.basePrompt, "");
  assert.deepEqual(spec.regions?.map(({ prompt }) => prompt), ["left.", "all."]);
});

Deno.test("a fenced block of JSON is read too, and what a condition has beside is told", () => {
  const text = 'Here:\n```json\n[{"rect": [0, 90, 0, 90], "prefixes": ["a"], "suffixes": [], "mask": 7}]\n```\n';
  const adapted = understood(readOmostCanvas({ text }));
  assert.equal(adapted.spec.basePrompt, "a.");
  assert.deepEqual(codes(adapted), ["SETTING_LEFT_OUT"]);
});

Deno.test("what is wrong is told at its place", () => {
  assert.deepEqual(problems("[1, 2"), [["INVALID_VALUE", ""]]);
  assert.deepEqual(problems("[]"), [["INVALID_VALUE", ""]]);
  assert.deepEqual(
    problems('[{"rect": [0, 90, 0, 91]}, {"rect": [0, 90, 9, 9]}, {"rect": [0, 1]}, {"rect": [0,1,0,null]}, 7]'),
    [
      ["OUT_OF_RANGE", "0.rect"],
      ["OUT_OF_RANGE", "1.rect"],
      ["INVALID_VALUE", "2.rect"],
      ["INVALID_VALUE", "3.rect"],
      ["INVALID_VALUE", "4"],
    ],
  );
  assert.deepEqual(problems('[{"rect": [0, 90, 0, 90], "prefixes": [1], "suffixes": "a"}]'), [
    ["INVALID_VALUE", "0.prefixes"],
    ["INVALID_VALUE", "0.suffixes"],
  ]);
});

Deno.test("no text of a condition is lost", () => {
  const word = fc.stringMatching(/^[a-z]{3,9}$/);
  const edges = fc.uniqueArray(fc.integer({ min: 0, max: 90 }), { minLength: 2, maxLength: 2 })
    .map((pair) => pair.toSorted((a, b) => a - b));
  const condition = fc.record({
    rect: fc.tuple(edges, edges).map(([vertical, horizontal]) => [...vertical, ...horizontal]),
    prefixes: fc.array(word, { maxLength: 3 }),
    suffixes: fc.array(word, { maxLength: 3 }),
  });
  fc.assert(fc.property(fc.array(condition, { minLength: 1, maxLength: 5 }), (list) => {
    const { spec } = read(list);
    const prompts = [spec.basePrompt ?? "", ...(spec.regions ?? []).map(({ prompt }) => prompt)].join(" ");
    for (const { prefixes, suffixes } of list) {
      for (const text of [...prefixes, ...suffixes]) assert(prompts.includes(`${text}.`), `${text} in ${prompts}`);
    }
  }));
});

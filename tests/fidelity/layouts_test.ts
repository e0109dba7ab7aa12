/** What fidelity paints: the same layouts for ever, in words that the judge and the model know. */

import assert from "node:assert/strict";
import { askedLayout } from "../../tools/fidelity/layouts.ts";

const { outputs: NAMES } = JSON.parse(
  Deno.readTextFileSync(new URL("../../tools/fidelity/judge/classifier.json", import.meta.url)),
);

const QUARTERS = [[0, 0, 0.5, 0.5], [0.5, 0, 1, 0.5], [0, 0.5, 0.5, 1], [0.5, 0.5, 1, 1]];

Deno.test("a seed fixes its layout, other seeds give others", () => {
  assert.deepEqual(askedLayout(NAMES, 3), askedLayout(NAMES, 3));
  const prompts = Array.from({ length: 32 }, (_, seed) => askedLayout(NAMES, seed).plain.basePrompt);
  assert.equal(new Set(prompts).size, prompts.length);
});

Deno.test("the first layout is the one that published figures began with", () => {
  assert.deepEqual(askedLayout(NAMES, 0).regions.map(({ prompt }) => prompt), [
    "a pineapple, orange background, fluent style",
    "a clover, snow, fluent style",
    "an unicorn, underwater, fluent style",
    "a banana, green meadow, fluent style",
  ]);
});

Deno.test("four quarters, each with an object and a background that no other has", () => {
  for (let seed = 0; seed < 64; seed++) {
    const { regions, regional, plain } = askedLayout(NAMES, seed);
    assert.deepEqual(regions.map(({ place }) => place), QUARTERS);
    assert.equal(new Set(regions.map(({ object }) => object)).size, 4);
    assert.equal(new Set(regions.map(({ background }) => background)).size, 4);
    for (const [r, { object, background, prompt }] of regions.entries()) {
      assert.ok(NAMES.object.includes(object) && object !== "none");
      assert.ok(NAMES.background.includes(background));
      const article = "aeiou".includes(object.charAt(0)) ? "an" : "a";
      assert.match(prompt, new RegExp(`^${article} ${object}, ${background}, (noto|fluent) style$`));
      assert.equal(regional.regions[r]?.prompt, prompt);
    }
    assert.equal(regional.basePrompt, "");
    assert.equal(plain.regions.length, 0);
    assert.equal(plain.basePrompt, regions.map(({ prompt }) => prompt).join(", "));
  }
});

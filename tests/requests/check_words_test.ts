/** Words that the base prompt does not have are refused where they stand, and no others. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readModelConfig } from "../../compute/model/config.ts";
import { loadTokenizers } from "../../compute/model/tokenizer.ts";
import { type FieldPath, InvalidInputError } from "../../errors.ts";
import type { GeometrySpec, LayoutSpec } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { checkWords } from "../../requests/check_words.ts";

const folder = fileURLToPath(new URL("../../models/beds-256", import.meta.url));
const tokenizers = loadTokenizers(readModelConfig(folder, "beds-256"));

function refused(spec: LayoutSpec, steps = 12, begin = 0): readonly string[] {
  const resolution = resolveLayout(spec, { maxRegions: 8 });
  assert("layout" in resolution, JSON.stringify(resolution));
  const found: string[] = [];
  checkWords(resolution.layout, { tokenizers, steps, calls: steps, begin }, (code, field, value, rule) => {
    assert.equal(code, "WORDS_NOT_FOUND");
    found.push(new InvalidInputError(code, [field].flat() as FieldPath, value, rule).message);
  });
  return found;
}

const region = (geometry: GeometrySpec, more = {}) => ({ prompt: "x", geometry, ...more });
const words = (of: string, more = {}) => region({ words: { of } }, more);

Deno.test("a word that is not in the base prompt is named, with the prompt", () => {
  const regions = [words("cat"), words("Red Apple"), words("fox"), words("fox", { enabled: false })];
  assert.deepEqual(refused({ basePrompt: "a cat, a (red:1.2) apple", regions }), [
    "layout.regions[2].geometry.words.of: must be whole words that stand in a row in the base prompt, " +
    '"a cat, a (red:1.2) apple", got "fox"',
  ]);
});

Deno.test("the common prompt counts, a region's own prompt and parts of words do not", () => {
  assert.deepEqual(refused({ commonPrompt: "a cat", regions: [words("cat")] }), []);
  assert.equal(refused({ basePrompt: "a catfish", regions: [{ ...words("cat"), prompt: "a cat" }] }).length, 1);
});

Deno.test("words inside of unions and subtractions are looked at, at their places", () => {
  const whole = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  const geometry = { subtraction: { from: whole, subtract: [{ union: [{ words: { of: "fox" } }, whole] }] } };
  const [problem = ""] = refused({ basePrompt: "a cat", regions: [region(geometry)] });
  assert(problem.startsWith("layout.regions[0].geometry.subtraction.subtract[0].union[0].words.of: "), problem);
});

Deno.test("a scheduled word must be read in the steps that find words: 3 and 4 of 12", () => {
  const at = (prompt: string) => refused({ basePrompt: prompt, regions: [words("cat")] });
  assert.deepEqual(at("a [cat:dog:3]"), []);
  assert.deepEqual(at("a [dog:cat:3]"), []);
  assert.match(at("a [cat:dog:2]")[0] ?? "", /in the base prompt as it reads in steps 3 to 4, "a \[cat:dog:2\]"/);
  assert.equal(at("a [dog:cat:4]").length, 1);
});

Deno.test("from a picture on, a scheduled word must be read in the second half of the first third of the steps taken", () => {
  // Steps 7 to 12 are taken; step 8 finds words.
  const at = (prompt: string) => refused({ basePrompt: prompt, regions: [words("cat")] }, 12, 6);
  assert.deepEqual(at("a [dog:cat:7]"), []);
  assert.deepEqual(at("a [cat:dog:8]"), []);
  assert.equal(at("a [cat:dog:7]").length, 1);
  assert.equal(at("a [dog:cat:8]").length, 1);
});

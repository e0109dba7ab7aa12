// deno-lint-ignore-file no-non-null-assertion
/** Regional Prompter's Prompt modes: which words say where a region lies. The texts are like those of its guide. */

import assert from "node:assert/strict";
import type { AdapterWarning } from "../../../../layout/adapters/adapted.ts";
import { exportRegionalPrompt } from "../../../../layout/adapters/regional_prompter/export.ts";
import type { RegionalPrompterInput } from "../../../../layout/adapters/regional_prompter/input.ts";
import { readRegionalPrompt } from "../../../../layout/adapters/regional_prompter/prompt.ts";
import type { Layout } from "../../../../layout/layout.ts";
import { layoutPrompts } from "../../../../layout/prompts.ts";
import { resolveOrThrow } from "../../random_layout.ts";

function read(prompt: string, more: Partial<RegionalPrompterInput> = {}): { layout: Layout; codes: readonly string[] } {
  const adapted = readRegionalPrompt({ prompt, mode: "PROMPT", ...more });
  assert("spec" in adapted, JSON.stringify(adapted));
  return { layout: resolveOrThrow(adapted.spec), codes: adapted.warnings.map(({ code }: AdapterWarning) => code) };
}

const words = ({ regions }: Layout) =>
  regions.map(({ geometry }) => geometry.kind === "WORDS" ? [geometry.of, geometry.threshold] : geometry.kind);

const GIRL = "a girl, (dress:1.2), belt, hair, in rainy street BREAK (red:1.7), belt BREAK (dark green:1.7) ,dress";

Deno.test("the first prompt is the base, the words behind the last comma of each other one say where it lies", () => {
  const { layout, codes } = read(GIRL);
  assert.equal(layout.basePrompt, "a girl, (dress:1.2), belt, hair, in rainy street");
  assert.deepEqual(layout.regions.map(({ prompt }) => prompt), ["(red:1.7), belt", "(dark green:1.7) ,dress"]);
  assert.deepEqual(words(layout), [["belt", 0.4], ["dress", 0.4]]);
  assert.deepEqual(layout.regions.map(({ baseRatio }) => baseRatio), [0, 0]);
  assert.equal(layout.overlap, "NORMALIZE");
  assert.deepEqual(codes, []);
});

Deno.test("in PROMPT_EX later regions hide earlier ones", () => {
  const { layout } = read(GIRL, { mode: "PROMPT_EX" });
  assert.equal(layout.overlap, "Z_ORDER");
  assert(layout.regions.every(({ z }) => z === 0), "of equals the later one is in front");
});

Deno.test("brackets and weights are no part of the words, and a prompt without a comma is all words", () => {
  assert.deepEqual(words(read("shorts BREAK (red skirt:1.5) ,(shorts:0.5) BREAK (blue, short shorts:1.2)").layout), [
    ["shorts", 0.4],
    ["short shorts", 0.4],
  ]);
  assert.deepEqual(words(read("a red fox BREAK red fox").layout), [["red fox", 0.4]]);
});

Deno.test("thresholds are one for all or one for each; what does not fit is said", () => {
  const of = (threshold: string) => read("a b c BREAK x, a BREAK y, b BREAK z, c", { threshold });
  assert.deepEqual(words(of("0.7").layout), [["a", 0.7], ["b", 0.7], ["c", 0.7]]);
  assert.deepEqual(of("0.7").codes, ["SETTING_APPROXIMATED"]);
  assert.deepEqual(words(of("0.7,0.5").layout), [["a", 0.7], ["b", 0.5], ["c", 0.5]]);
  assert.deepEqual(of("0.7,0.5").codes, ["SETTING_APPROXIMATED", "RATIO_REPEATED"]);
  assert.deepEqual(of("0.1,0.2,0.3,0.4").codes, ["SETTING_APPROXIMATED", "RATIO_DROPPED"]);
  const refused = readRegionalPrompt({ prompt: "a BREAK b, a", mode: "PROMPT", threshold: "1.2" });
  assert("problems" in refused);
  assert.match(refused.problems[0]!.message, /^input.threshold: must be numbers from 0.01 to 0.99 .*greater than 0.99/);
});

Deno.test("ADDP asks for the mode by itself, and says so where another one is set", () => {
  const text = "a cat ADDP black, cat";
  assert.deepEqual(words(read(text, { mode: null }).layout), [["cat", 0.4]]);
  const { layout, codes } = read(text, { mode: "ROWS", ratios: "1,1" });
  assert.deepEqual(words(layout), [["cat", 0.4]]);
  assert.deepEqual(codes, ["OPTION_UNUSED", "OPTION_UNUSED"]);
});

Deno.test("a common prompt and negatives stand where they stand in the other modes", () => {
  const { layout } = read("photo BREAK a cat BREAK black, cat", {
    ...{ useCommon: true, useCommonNegative: true, negativePrompt: "bad BREAK BREAK (white:2)", baseRatios: "0.3" },
  });
  const { positive, negative } = layoutPrompts(layout);
  assert.deepEqual(positive, ["photo, a cat", "photo, black, cat"]);
  assert.deepEqual(negative, ["bad", "bad, (white:2)"]);
});

Deno.test("a prompt that ends with a comma names no words", () => {
  const refused = readRegionalPrompt({ prompt: "a cat BREAK black, ", mode: "PROMPT" });
  assert("problems" in refused);
  assert.match(refused.problems[0]!.message, /must end each region's prompt with a comma and words of the base prompt/);
});

Deno.test("regions of words are written back as the mode that they came from", () => {
  for (const mode of ["PROMPT", "PROMPT_EX"] as const) {
    const { layout } = read(GIRL, { mode, threshold: "0.7,0.55" });
    const { input, warnings } = exportRegionalPrompt(layout);
    assert.deepEqual(warnings, []);
    assert.deepEqual([input.mode, input.threshold], [mode, "0.7,0.55"]);
    const again = read(input.prompt, { mode: input.mode ?? null, threshold: input.threshold ?? null }).layout;
    assert.deepEqual(again, layout);
  }
});

Deno.test("what the mode cannot say is told: words that a prompt does not end with, base ratios, mixed geometries", () => {
  const cat = { prompt: "a dog", geometry: { words: { of: "cat" } }, baseRatio: 0.5 };
  const { input, warnings } = exportRegionalPrompt(resolveOrThrow({ basePrompt: "a cat", regions: [cat] }));
  assert.equal(input.prompt, "a cat ADDBASE\na dog, cat");
  assert.deepEqual(warnings.map(({ code }) => code), ["SETTING_APPROXIMATED", "SETTING_LEFT_OUT"]);
  const mixed = { basePrompt: "a cat", regions: [cat, { prompt: "b", geometry: { rest: true } }] };
  const { warnings: lost } = exportRegionalPrompt(resolveOrThrow(mixed));
  assert(lost.some(({ code }) => code === "GEOMETRY_LEFT_OUT"));
});

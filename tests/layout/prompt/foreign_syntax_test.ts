/** What other tools would read as more than words is warned of where it stands; ordinary prompts are not. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePrompt } from "../../../layout/prompt/parse.ts";
import type { PromptWarningCode } from "../../../layout/prompt/prompt.ts";
import { promptAt } from "../../../layout/prompt/schedule.ts";
import { soon } from "../../soon.ts";

const warningsOf = (source: string) =>
  parsePrompt(source, "WEIGHTED").warnings.map(({ code, position }) => [code, position] as const);

const FOREIGN: readonly (readonly [source: string, ...warnings: (readonly [PromptWarningCode, number])[]])[] = [
  ["<lora:x:0.8:0.5> fox <lora:y>", ["EXTRA_NETWORK", 0]],
  ["a <lyco:pastel mix:1> fox <hypernet:y:.5>", ["EXTRA_NETWORK", 2], ["EXTRA_NETWORK", 26]],
  ["a (<LoRA:x/y z:1:0>:1.2) fox", ["EXTRA_NETWORK", 3]],
  ["a photo of <cat-toy>", ["EXTRA_NETWORK", 11]],
  ["a {red|blue} fox", ["RANDOM_CHOICE", 2]],
  ["{2$$a|b|c}, {{masterpiece}}", ["RANDOM_CHOICE", 0], ["RANDOM_CHOICE", 13]],
  ["a __colour__ fox, __animals/*__", ["WILDCARD", 2], ["WILDCARD", 18]],
  ["red hair:1.3, smile", ["WEIGHT_AS_TEXT", 8]],
  ["（红色：1.3）", ["WEIGHT_AS_TEXT", 0]],
  ["fox::2 owl::1.5", ["WEIGHT_AS_TEXT", 3], ["WEIGHT_AS_TEXT", 10]],
  ["a ball++, a (red cat)+ and a dog--", ["WEIGHT_AS_TEXT", 6], ["WEIGHT_AS_TEXT", 21], ["WEIGHT_AS_TEXT", 32]],
  ["a (big cat)1.3 here", ["WEIGHT_AS_TEXT", 11]],
  ["a fox AND an owl", ["COMPOSITION_AS_TEXT", 6]],
  ['("a", "b").and(), ("a").blend(0.5)', ["COMPOSITION_AS_TEXT", 10], ["EMPTY_BRACKETS", 14], [
    "COMPOSITION_AS_TEXT",
    23,
  ]],
  ["a ADDCOL b ADDROW c", ["REGIONS_AS_TEXT", 2], ["REGIONS_AS_TEXT", 11]],
  ["fox AREA(0 0.5, 0 1)", ["REGIONS_AS_TEXT", 4]],
  ["a fox, break, an owl\nBreak\na hill", ["BREAK_AS_TEXT", 7], ["BREAK_AS_TEXT", 21]],
  ["a fox --ar 16:9 --no cats", ["SETTINGS_AS_TEXT", 6], ["SETTINGS_AS_TEXT", 16]],
  ["a fox\nNegative prompt: blur\nSteps: 20, Sampler: Euler", ["SETTINGS_AS_TEXT", 6], ["SETTINGS_AS_TEXT", 28]],
  ["a fox /* orange */\n// later", ["COMMENT_AS_TEXT", 6], ["COMMENT_AS_TEXT", 19]],
  ["[[fox|owl::12]:5]", ["MIXED_SEPARATORS", 1]],
];

for (const [source, ...warnings] of FOREIGN) {
  Deno.test(`another tool's form: ${JSON.stringify(source)}`, () => {
    assert.deepEqual(warningsOf(source), warnings);
    for (const { message } of parsePrompt(source, "WEIGHTED").warnings) assert.match(message, /^\S.*[^.]$/);
    assert.deepEqual(parsePrompt(source, "PLAIN").warnings, [], "PLAIN says that it is meant as it stands");
  });
}

Deno.test("what is warned of is read as the text that it is", () => {
  const [[span] = []] = promptAt(parsePrompt("<lyco:x:0.8> a {red|blue} __animal__ --ar 2", "WEIGHTED"), 0, 1);
  assert.equal(span?.text, "<lyco:x:0.8> a {red|blue} __animal__ --ar 2");
});

Deno.test("ordinary prompts have no warnings: 200 of them", () => {
  const prompts = Deno.readTextFileSync(new URL("ordinary_prompts.txt", import.meta.url)).trimEnd().split("\n");
  assert(prompts.length >= 200);
  assert.equal(new Set(prompts).size, prompts.length);
  assert.deepEqual(prompts.flatMap((prompt) => warningsOf(prompt).map((warning) => [prompt, ...warning])), []);
});

Deno.test("warnings of a text stay where they are when ordinary words go before it", () => {
  const form = fc.constantFrom(...FOREIGN.filter(([source]) => !source.startsWith("//")));
  const words = fc.array(fc.constantFrom("a", "cat", "on", "the", "sea,", "été"), { maxLength: 5 });
  fc.assert(fc.property(words, form, (before, [source, ...warnings]) => {
    const prefix = before.length === 0 ? "" : `${before.join(" ")},\n`;
    assert.deepEqual(warningsOf(prefix + source), warnings.map(([code, at]) => [code, at + prefix.length]));
  }));
});

const MARKS = [
  "{",
  "{a|",
  "<",
  "<lora:",
  "__",
  "__a",
  "（a:",
  "::",
  ")+",
  "a--",
  ")1.",
  " AND",
  ",break",
  " --ar",
  " /*",
];

Deno.test("100,000 characters of any mark are read in time", () => {
  // Up to 100 ms on an idle machine; a pattern that is not linear takes many seconds.
  for (const mark of [...MARKS, "(a:1.2) ", "[a|b]", "((", "embedding:a ", "embedding:", "<lora:a:1>"]) {
    const source = mark.repeat(100_000 / mark.length);
    soon(500, () => parsePrompt(source, "WEIGHTED"), JSON.stringify(mark));
  }
});

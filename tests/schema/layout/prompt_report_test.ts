/** What a prompt's report says: tokens, chunks, spans and windows of steps. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PromptTokenizer } from "../../../compute/model/tokenizer.ts";
import { parsePrompt } from "../../../layout/prompt/parse.ts";
import { promptReporter } from "../../../schema/layout/prompt_report.ts";

const folder = fileURLToPath(new URL("../../fixtures/models/tiny-sdxl", import.meta.url));
const tokenizers = ["tokenizer", "tokenizer_2"].map((name) => PromptTokenizer.load(join(folder, name), 77));
const report = (source: string, steps = 10) => promptReporter(tokenizers, steps)(parsePrompt(source, "WEIGHTED"));

Deno.test("tokens are those of the text, without its syntax", () => {
  const [plain] = report("a red fox").schedule, [weighted] = report("a (red:1.5) fox").schedule;
  assert.equal(weighted?.tokens, plain?.tokens);
  assert.deepEqual(weighted?.spans, [
    { text: "a ", weight: 1, start: 0, end: 2, part: 0 },
    { text: "red", weight: 1.5, start: 3, end: 6, part: 0 },
    { text: " fox", weight: 1, start: 11, end: 15, part: 0 },
  ]);
});

Deno.test("chunks count every BREAK and every 75 tokens", () => {
  const letters = (count: number) => new Array(count).fill("q").join(" ");
  for (
    const [source, tokens, chunks] of [
      ["", 0, 1],
      ["q", 1, 1],
      ["q BREAK q", 2, 2],
      [letters(75), 75, 1],
      [letters(76), 76, 2],
      [`${letters(75)} BREAK q`, 76, 2],
      [`(${letters(80)} BREAK q:1.2)`, 81, 3],
    ] as const
  ) {
    const [reading] = report(source).schedule;
    assert.deepEqual([reading?.tokens, reading?.chunks], [tokens, chunks], source);
  }
});

Deno.test("a schedule is reported window by window, with the warnings of its steps", () => {
  const { schedule, warnings } = report("q ( [q:q BREAK q:0.5] [q|q q] [q:0.01]", 4);
  assert.deepEqual(
    schedule.map(({ first, end, tokens, chunks }) => [first, end, tokens, chunks]),
    [[0, 1, 5, 1], [1, 2, 6, 1], [2, 3, 6, 2], [3, 4, 7, 2]],
  );
  assert.deepEqual(warnings.map(({ code, position }) => [code, position]), [
    ["UNBALANCED_BRACKET", 2],
    ["NEVER_SWITCHES", 30],
  ]);
});

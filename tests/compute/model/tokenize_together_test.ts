/** Weighted text to rows: spans, weights and parts, by one tokenizer and by two that disagree. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tokenizeTogether } from "../../../compute/model/tokenize_together.ts";
import { PromptTokenizer } from "../../../compute/model/tokenizer.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const [BOS, EOS] = [798, 799];
const tokenizer = PromptTokenizer.load(join(MODELS, "tiny-sd15", "tokenizer"), 77);

const letters = (count: number) => new Array(count).fill("q").join(" ");
const plain = (text: string) => ({ text, weight: 1 });

Deno.test("every id has the weight of its span; BOS, EOS and padding have 1", () => {
  const { rows: [row], weights: [weights], tokens } = tokenizer.tokenizeSpans([
    { text: "q q", weight: 1.5 },
    { text: " q", weight: 0 },
    plain("q"),
  ]);
  assert.equal(tokens, 4);
  assert.deepEqual(weights, [1, 1.5, 1.5, 0, ...new Array(73).fill(1)]);
  assert.deepEqual(row, tokenizer.tokenize("q q q q").rows[0]);
});

Deno.test("a span may lie across rows, and keeps its weight in both", () => {
  const { weights } = tokenizer.tokenizeSpans([plain(letters(74)), { text: letters(2), weight: 2 }]);
  assert.deepEqual(weights.map((row) => row.map((w, i) => w === 2 ? i : -1).filter((i) => i >= 0)), [[75], [1]]);
});

Deno.test("one span of weight 1 is read as its text is", () => {
  for (const text of ["", " ", "A red fox, (1.5)", letters(80)]) {
    assert.deepEqual(tokenizer.tokenizeSpans([plain(text)]), tokenizer.tokenize(text));
  }
});

Deno.test("every part begins a row, full ones add none, and an empty part takes one", () => {
  const [read] = tokenizeTogether([tokenizer], [[plain(letters(75))], [], [plain("q")]]);
  const [full] = tokenizer.tokenize(letters(75)).rows;
  const [empty] = tokenizer.tokenize("").rows;
  const [short] = tokenizer.tokenize("q").rows;
  assert.deepEqual(read?.rows, [full, empty, short]);
  assert.equal(read?.tokens, 76);
  assert.deepEqual(empty, [BOS, ...new Array(76).fill(EOS)]);
});

Deno.test("tokenizers that disagree get even rows in every part, so that later parts still stand side by side", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const original = join(MODELS, "tiny-sd15", "tokenizer");
    for (const { name } of Deno.readDirSync(original)) await Deno.symlink(join(original, name), join(folder, name));
    await Deno.remove(join(folder, "tokenizer.json"));
    const json = JSON.parse(await Deno.readTextFile(join(original, "tokenizer.json")));
    json.added_tokens.push({ ...json.added_tokens[0], id: 1, content: "qqq" });
    await Deno.writeTextFile(join(folder, "tokenizer.json"), JSON.stringify(json));
    // To this one, "qqq" is one token; to the other it is three.
    const other = PromptTokenizer.load(folder, 77);
    const prompt = [[plain(`${letters(73)} qqq`)], [{ text: "q", weight: 2 }]];
    const [first, second] = tokenizeTogether([tokenizer, other], prompt);
    assert.deepEqual([first?.rows.length, second?.rows.length], [3, 3]);
    assert.deepEqual(second?.rows[1], other.tokenize("").rows[0]);
    assert.deepEqual(second?.weights[1], new Array(77).fill(1));
    assert.deepEqual([first?.weights[2]?.[1], second?.weights[2]?.[1]], [2, 2]);
    assert.deepEqual([first?.tokens, second?.tokens], [77, 75]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

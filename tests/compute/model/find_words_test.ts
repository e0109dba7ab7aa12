// deno-lint-ignore-file no-non-null-assertion
/** Words among a prompt's tokens; the tokens that PyTorch's tokenizers give are compared in tests/parity. */

import assert from "node:assert/strict";
import { readModelConfig } from "../../../compute/model/config.ts";
import { findWords } from "../../../compute/model/find_words.ts";
import { loadTokenizers } from "../../../compute/model/tokenizer.ts";
import { parsePrompt } from "../../../layout/prompt/parse.ts";
import { promptAt } from "../../../layout/prompt/schedule.ts";
import { MODELS } from "../graph/fixture_graph.ts";

const [LENGTH, ROW] = [77, 75];
const tokenizers = loadTokenizers(readModelConfig(`${MODELS}/tiny-sdxl`, "tiny-sdxl"));
const vectors = () => 2;

/** Places of each word, and how many tokens the prompt's rows have. */
function places(prompt: string, ...words: string[]): { at: number[][]; found: readonly boolean[]; tokens: number } {
  const { columns: { dims: [tokens = 0], data }, found } = findWords(
    tokenizers,
    promptAt(parsePrompt(prompt, "WEIGHTED"), 0, 4),
    words,
    vectors,
  );
  const at = words.map((_, w) =>
    Array.from({ length: tokens }, (_, t) => t).filter((t) => data[t * words.length + w] !== 0)
  );
  for (const [w, own] of at.entries()) {
    const sum = own.reduce((all, t) => all + data[t * words.length + w]!, 0);
    assert(own.length === 0 || Math.abs(sum - 1) < 1e-6, "shares of 1");
  }
  return { at, found, tokens };
}

Deno.test("words are whole ones in any case, wherever they stand, and several only in a row", () => {
  const prompt = "a Red cat and a dog, red (dog:1.3)";
  const { at, found, tokens } = places(prompt, "CAT", "red cat", "dog", "red", "ca", "cat red");
  assert.deepEqual(found, [true, true, true, true, false, false]);
  assert.equal(tokens, LENGTH);
  const [cats = [], both = [], dogs = [], reds = []] = at;
  assert.deepEqual(both.slice(-cats.length), cats);
  assert.deepEqual([...both.slice(0, -cats.length), cats[0]! - 1].slice(-1), [cats[0]! - 1]);
  assert.equal(dogs.length % 2, 0, "two dogs");
  assert.deepEqual(reds.slice(0, reds.length / 2), both.slice(0, -cats.length), "the first of two reds");
});

Deno.test("brackets do not part words, a BREAK does", () => {
  assert.deepEqual(places("a (red:1.2) cat", "red cat").found, [true]);
  assert.deepEqual(places("a red BREAK cat", "red cat", "cat").found, [false, true]);
  const { at: [[place = 0] = []], tokens } = places("a red BREAK cat", "cat");
  assert.equal(tokens, 2 * LENGTH);
  assert.equal(place, LENGTH + 1, "behind the second row's BOS");
});

Deno.test("words are found behind the first 75 tokens, and across the border", () => {
  const { at: [both = []], found } = places(`${"dog ".repeat(ROW - 1)} cat dog`, "dog cat", "cat dog");
  assert.deepEqual(found, [true, true]);
  assert.deepEqual(both, [ROW - 1, ROW]);
  const { at: [across = []] } = places(`${"dog ".repeat(ROW)} cat`, "dog cat");
  assert.deepEqual(across, [ROW, LENGTH + 1]);
});

Deno.test("behind an embedding words stand where its vectors end", () => {
  const { at: [[cat = 0] = []] } = places("embedding:calm cat", "cat");
  assert.equal(cat, 1 + 2);
});

Deno.test("what a schedule does not read is not found", () => {
  const read = (step: number) =>
    findWords(tokenizers, promptAt(parsePrompt("a [cat:dog:2]", "WEIGHTED"), step, 4), ["cat", "dog"]).found;
  assert.deepEqual([read(0), read(2)], [[true, false], [false, true]]);
});

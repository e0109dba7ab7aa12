/** Weights, escapes and BREAK: what prompts written in the field's syntax say. */

import assert from "node:assert/strict";
import { parsePrompt } from "../../../layout/prompt/parse.ts";
import { partsKey, promptAt, promptSchedule } from "../../../layout/prompt/schedule.ts";

/** [text, weight] by part, at the first of 20 steps. */
function read(source: string): (readonly [string, number])[][] {
  const parts = promptAt(parsePrompt(source, "WEIGHTED"), 0, 20);
  return parts.map((part) => part.map(({ text, weight }) => [text, Number(weight.toFixed(9))] as const));
}

const LESS = Number((1 / 1.1).toFixed(9));

const WEIGHTS: readonly (readonly [source: string, spans: readonly (readonly [string, number])[]])[] = [
  ["a red fox", [["a red fox", 1]]],
  ["a (red) fox", [["a ", 1], ["red", 1.1], [" fox", 1]]],
  ["((red))", [["red", 1.21]]],
  ["[red]", [["red", LESS]]],
  ["[[red]]", [["red", Number((1 / 1.21).toFixed(9))]]],
  ["(red:1.3) fox", [["red", 1.3], [" fox", 1]]],
  ["( red fox : 1.3 )", [[" red fox ", 1.3]]],
  ["(red:.5)", [["red", 0.5]]],
  ["(red:2.)", [["red", 2]]],
  ["(red:+1.5)", [["red", 1.5]]],
  ["(red:0)", [["red", 0]]],
  ["(a (b:2) c:1.5)", [["a ", 1.5], ["b", 3], [" c", 1.5]]],
  ["([a])", [["a", 1]]],
  ["(time 12:30:1.2)", [["time 12:30", 1.2]]],
  ["(a (b):1.2)", [["a ", 1.2], ["b", 1.32]]],
  ["a (b:1) c", [["a b c", 1]]],
  ["(a)(b)", [["ab", 1.1]]],
  ["a: b | c", [["a: b | c", 1]]],
  ["(a|b)", [["a|b", 1.1]]],
  ["\\(a\\) \\[b\\] c\\\\d", [["(a) [b] c\\d", 1]]],
  ["(fox \\(cartoon\\):1.2)", [["fox (cartoon)", 1.2]]],
  ["(at 12\\:30)", [["at 12:30", 1.1]]],
  ["C:\\new", [["C:\\new", 1]]],
  ["a\\", [["a\\", 1]]],
  ["()", []],
  ["", []],
];

for (const [source, spans] of WEIGHTS) {
  Deno.test(`weights: ${JSON.stringify(source)}`, () => assert.deepEqual(read(source), [spans]));
}

const BREAKS: readonly (readonly [source: string, parts: readonly (readonly (readonly [string, number])[])[]])[] = [
  ["a BREAK b", [[["a", 1]], [["b", 1]]]],
  ["a\nBREAK\n\nb BREAK c", [[["a", 1]], [["b", 1]], [["c", 1]]]],
  ["a,BREAK,b", [[["a,", 1]], [[",b", 1]]]],
  ["a BREAK", [[["a", 1]]]],
  ["BREAK a", [[], [["a", 1]]]],
  ["a BREAK BREAK b", [[["a", 1]], [], [["b", 1]]]],
  ["BREAK", [[]]],
  ["OUTBREAK BREAKING éBREAK BREAK_ BREAK2 break", [[["OUTBREAK BREAKING éBREAK BREAK_ BREAK2 break", 1]]]],
  ["(a BREAK b:1.5)", [[["a", 1.5]], [["b", 1.5]]]],
];

for (const [source, parts] of BREAKS) {
  Deno.test(`BREAK: ${JSON.stringify(source)}`, () => assert.deepEqual(read(source), parts));
}

const WARNINGS: readonly (readonly [
  source: string,
  spans: readonly (readonly [string, number])[],
  warnings: readonly (readonly [string, number])[],
])[] = [
  ["a (b", [["a (b", 1]], [["UNBALANCED_BRACKET", 2]]],
  ["a) b", [["a) b", 1]], [["UNBALANCED_BRACKET", 1]]],
  [":( and :)", [[":", 1], [" and :", 1.1]], []],
  ["((a)", [["(", 1], ["a", 1.1]], [["UNBALANCED_BRACKET", 0]]],
  ["[a (b] c)", [["a (b", LESS], [" c)", 1]], [["UNBALANCED_BRACKET", 3], ["UNBALANCED_BRACKET", 8]]],
  ["[a)", [["[a)", 1]], [["UNBALANCED_BRACKET", 0], ["UNBALANCED_BRACKET", 2]]],
  ["(a:1.2", [["(a:1.2", 1]], [["UNBALANCED_BRACKET", 0]]],
  ["a () b", [["a  b", 1]], [["EMPTY_BRACKETS", 2]]],
  ["(a:1,2)", [["a:1,2", 1.1]], [["MALFORMED_NUMBER", 3]]],
  ["(a:1.2.3)", [["a:1.2.3", 1.1]], [["MALFORMED_NUMBER", 3]]],
  ["(a:1e3)", [["a:1e3", 1.1]], [["MALFORMED_NUMBER", 3]]],
  ["(a:b)", [["a:b", 1.1]], []],
  ["[a:b]", [["a:b", LESS]], [["SCHEDULE_WITHOUT_TIME", 0]]],
  ["[a:b:c:0.5]", [["a:b:c:0.5", LESS]], [["SCHEDULE_WITHOUT_TIME", 0]]],
  ["[a:b:-1]", [["a:b:-1", LESS]], [["SCHEDULE_WITHOUT_TIME", 0]]],
  ["[a|b:0.5]", [["a", 1]], [["MIXED_SEPARATORS", 0]]],
];

for (const [source, spans, warnings] of WARNINGS) {
  Deno.test(`what may not be meant so: ${JSON.stringify(source)}`, () => {
    const found = parsePrompt(source, "WEIGHTED").warnings;
    assert.deepEqual(found.map(({ code, position }) => [code, position]), warnings);
    assert.deepEqual(read(source), [spans]);
    for (const { message } of found) assert.match(message, /^\S.*[^.]$/);
  });
}

const EMBEDDINGS: readonly (readonly [
  source: string,
  spans: readonly (readonly [text: string, weight: number, embedding?: string])[],
])[] = [
  ["embedding:calm", [["embedding:calm", 1, "calm"]]],
  ["a fox, embedding:calm, oil", [["a fox, ", 1], ["embedding:calm", 1, "calm"], [", oil", 1]]],
  ["embedding:a embedding:b", [["embedding:a", 1, "a"], [" ", 1], ["embedding:b", 1, "b"]]],
  ["(embedding:calm:1.2)", [["embedding:calm", 1.2, "calm"]]],
  ["(a embedding:calm)", [["a ", 1.1], ["embedding:calm", 1.1, "calm"]]],
  ["[embedding:calm:0.5]", []],
  ["[embedding:calm::0.5]", [["embedding:calm", 1, "calm"]]],
  ["[embedding:a|embedding:b]", [["embedding:a", 1, "a"]]],
  ["embedding:v1.5_x-2.", [["embedding:v1.5_x-2", 1, "v1.5_x-2"], [".", 1]]],
  ["embedding:calm.safetensors, embedding:a.pt", [
    ["embedding:calm.safetensors", 1, "calm"],
    [", ", 1],
    ["embedding:a.pt", 1, "a"],
  ]],
  ["embedding:спокойствие", [["embedding:спокойствие", 1, "спокойствие"]]],
  ["embedding\\:calm", [["embedding:calm", 1]]],
  ["embedding: calm, embedding:", [["embedding: calm, embedding:", 1]]],
  ["Embedding:calm disembedding:calm", [["Embedding:calm disembedding:calm", 1]]],
  ["a embedding:BREAK", [["a ", 1], ["embedding:BREAK", 1, "BREAK"]]],
];

for (const [source, spans] of EMBEDDINGS) {
  Deno.test(`embeddings: ${JSON.stringify(source)}`, () => {
    const parts = promptAt(parsePrompt(source, "WEIGHTED"), 0, 20);
    assert.deepEqual(
      parts.map((part) =>
        part.map(({ text, weight, embedding }) => embedding === undefined ? [text, weight] : [text, weight, embedding])
      ),
      [spans],
    );
    assert.deepEqual(parsePrompt(source, "WEIGHTED").warnings, []);
  });
}

Deno.test("an embedding that is named and the same characters as text are not the same reading", () => {
  const key = (source: string) => partsKey(promptAt(parsePrompt(source, "WEIGHTED"), 0, 1));
  assert.notEqual(key("embedding:calm"), key("embedding\\:calm"));
  const parsed = parsePrompt("[embedding:calm|embedding\\:calm]", "WEIGHTED");
  assert.equal(promptSchedule(parsed, 4).length, 4);
});

Deno.test("spans say where they stand in the source", () => {
  const source = "a (red \\(dark\\):1.3) fox, [x]";
  const [spans = []] = promptAt(parsePrompt(source, "WEIGHTED"), 0, 20);
  assert.deepEqual(
    spans.map(({ text, start, end }) => [text, source.slice(start, end)]),
    [["a ", "a "], ["red (dark)", "red \\(dark\\)"], [" fox, ", " fox, "], ["x", "x"]],
  );
});

Deno.test("under PLAIN every character is text", () => {
  const source = "(a:1.2) [b|c] \\( BREAK [d:e:0.5] ((";
  const parsed = parsePrompt(source, "PLAIN");
  assert.deepEqual(promptAt(parsed, 0, 20), [[{ text: source, weight: 1, start: 0, end: source.length }]]);
  assert.deepEqual(parsed.warnings, []);
  assert.deepEqual(promptAt(parsePrompt("", "PLAIN"), 0, 20), [[]]);
});

/** Properties of reading prompts: total, exact on plain text, and equal to the meaning of the tree it was written from. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { joinParsed } from "../../../layout/prompt/join.ts";
import { parsePrompt } from "../../../layout/prompt/parse.ts";
import type { WeightedSpan } from "../../../layout/prompt/prompt.ts";
import { promptAt, promptSchedule, switchWarnings } from "../../../layout/prompt/schedule.ts";

/** Text rich in syntax. */
const syntax = fc.array(
  fc.constantFrom(
    "(",
    ")",
    "[",
    "]",
    ":",
    "|",
    "\\",
    "0.5",
    "1.2",
    "3",
    "BREAK",
    "embedding:",
    " ",
    "a",
    "é",
    "\n",
    "😀",
  ),
  { maxLength: 24 },
).map((pieces) => pieces.join(""));

const anyText = fc.oneof({ weight: 3, arbitrary: syntax }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) });

Deno.test("any text can be read at any step: 100,000 prompts", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 6 }), (source, step) => {
      const parsed = parsePrompt(source, "WEIGHTED");
      const parts = promptAt(parsed, step, 7);
      assert(parts.length > 0);
      for (const span of parts.flat()) {
        assert(span.text !== "" && 0 <= span.start && span.start < span.end && span.end <= source.length);
        assert(span.weight >= 0 || source.includes("-"));
      }
      for (const { position } of parsed.warnings) assert(position >= 0 && position < source.length);
    }),
    { numRuns: 100_000 },
  );
});

Deno.test("nesting of any depth is read, balanced or not, in time that grows with the length", () => {
  const deep = 20_000;
  for (const [open, close] of ["()", "[]"].map((pair) => pair.split(""))) {
    const nested = `${open?.repeat(deep)}x${close?.repeat(deep)}`;
    const [[span] = []] = promptAt(parsePrompt(nested, "WEIGHTED"), 0, 10);
    assert.equal(span?.text, "x");
    assert.equal(parsePrompt(`${open?.repeat(deep)}x`, "WEIGHTED").warnings.length, deep);
  }
  const schedules = `${"[a:".repeat(deep)}b${":5]".repeat(deep)}`;
  assert.deepEqual(promptAt(parsePrompt(schedules, "WEIGHTED"), 0, 10)[0]?.map(({ text }) => text), ["a"]);
  parsePrompt("[(:".repeat(deep), "WEIGHTED");
});

Deno.test("text without syntax is one span of weight 1, the text itself, under either syntax", () => {
  const plain = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[()[\]\\]|BREAK/.test(text));
  fc.assert(fc.property(plain, (source) => {
    const expected = [[{ text: source, weight: 1, start: 0, end: source.length }]];
    assert.deepEqual(promptAt(parsePrompt(source, "WEIGHTED"), 0, 1), expected);
    assert.deepEqual(promptAt(parsePrompt(source, "PLAIN"), 0, 1), expected);
  }));
});

Deno.test("PLAIN gives back any text", () => {
  fc.assert(fc.property(anyText, (source) => {
    assert.equal(promptAt(parsePrompt(source, "PLAIN"), 0, 1).flat().map(({ text }) => text).join(""), source);
  }));
});

Deno.test("escaping every character with a meaning gives back any text but BREAK", () => {
  fc.assert(fc.property(anyText.filter((text) => !text.includes("BREAK")), (source) => {
    const escaped = source.replaceAll(/[()[\]\\:|]/g, "\\$&");
    const [spans = [], ...more] = promptAt(parsePrompt(escaped, "WEIGHTED"), 0, 1);
    assert.deepEqual([spans.map(({ text, weight }) => [text, weight]), more], [source === "" ? [] : [[source, 1]], []]);
  }));
});

/** A prompt as a tree: written in the syntax, it must read as the tree means. */
type Tree =
  | { readonly kind: "TEXT"; readonly text: string }
  | { readonly kind: "MORE" | "LESS"; readonly of: readonly Tree[] }
  | { readonly kind: "WEIGHT"; readonly of: readonly Tree[]; readonly weight: number }
  | {
    readonly kind: "SCHEDULE";
    readonly before: readonly Tree[];
    readonly after: readonly Tree[];
    readonly at: number;
  }
  | { readonly kind: "TURNS"; readonly options: readonly (readonly Tree[])[] };

const tree = fc.letrec<{ list: readonly Tree[]; tree: Tree }>((tie) => ({
  list: fc.array(tie("tree"), { maxLength: 3, depthIdentifier: "tree" }),
  tree: fc.oneof(
    { depthSize: "small", depthIdentifier: "tree" },
    fc.record({ kind: fc.constant("TEXT" as const), text: fc.constantFrom("a", "b c", "(d)", "e:f", "g|h", "\\i") }),
    fc.record({ kind: fc.constantFrom("MORE" as const, "LESS" as const), of: tie("list") }),
    fc.record({
      kind: fc.constant("WEIGHT" as const),
      of: tie("list"),
      weight: fc.constantFrom(0, 0.5, 1, 1.25, 2),
    }),
    fc.record({
      kind: fc.constant("SCHEDULE" as const),
      before: tie("list"),
      after: tie("list"),
      at: fc.integer({ min: 0, max: 6 }),
    }),
    fc.record({ kind: fc.constant("TURNS" as const), options: fc.array(tie("list"), { minLength: 2, maxLength: 3 }) }),
  ),
}));

function write(trees: readonly Tree[]): string {
  return trees.map((tree) => {
    switch (tree.kind) {
      case "TEXT":
        return tree.text.replaceAll(/[()[\]\\:|]/g, "\\$&");
      case "MORE":
        return `(${write(tree.of)})`;
      case "LESS":
        return `[${write(tree.of)}]`;
      case "WEIGHT":
        return `(${write(tree.of)}:${tree.weight})`;
      case "SCHEDULE":
        return `[${write(tree.before)}:${write(tree.after)}:${tree.at}]`;
      case "TURNS":
        return `[${tree.options.map(write).join("|")}]`;
    }
  }).join("");
}

function mean(trees: readonly Tree[], step: number, weight = 1): { text: string; weight: number }[] {
  return trees.flatMap((tree) => {
    switch (tree.kind) {
      case "TEXT":
        return [{ text: tree.text, weight }];
      case "MORE":
        return mean(tree.of, step, weight * 1.1);
      case "LESS":
        return mean(tree.of, step, weight * (1 / 1.1));
      case "WEIGHT":
        return mean(tree.of, step, weight * tree.weight);
      case "SCHEDULE":
        return mean(step < tree.at ? tree.before : tree.after, step, weight);
      case "TURNS":
        return mean(tree.options[step % tree.options.length] ?? [], step, weight);
    }
  });
}

/** Neighbours of equal weight as one. */
function merge(spans: readonly { text: string; weight: number }[]): { text: string; weight: number }[] {
  const merged: { text: string; weight: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last?.weight === span.weight) last.text += span.text;
    else merged.push({ ...span });
  }
  return merged;
}

const bare = (spans: readonly WeightedSpan[] = []) => spans.map(({ text, weight }) => ({ text, weight }));

Deno.test("what is written from a tree reads as the tree means, at every step", () => {
  fc.assert(fc.property(tree.list, fc.integer({ min: 0, max: 5 }), (trees, step) => {
    const parsed = parsePrompt(write(trees), "WEIGHTED");
    assert.deepEqual(bare(promptAt(parsed, step, 6)[0]), merge(mean(trees, step)));
  }));
});

Deno.test("windows follow each other without gaps, and each reads as its steps do", () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 1, max: 9 }), (source, steps) => {
    const parsed = parsePrompt(source, "WEIGHTED");
    let next = 0;
    for (const { first, end, parts } of promptSchedule(parsed, steps)) {
      assert.equal(first, next);
      assert(end > first);
      for (let step = first; step < end; step++) {
        assert.deepEqual(promptAt(parsed, step, steps).map(bare), parts.map(bare));
      }
      next = end;
    }
    assert.equal(next, steps);
  }));
});

Deno.test("joined prompts whose brackets are balanced read as their joined text does", () => {
  fc.assert(fc.property(tree.list, tree.list, (first, second) => {
    const a = write(first), b = write(second);
    fc.pre(a.trim() !== "" && b.trim() !== "");
    const joined = joinParsed(parsePrompt(a, "WEIGHTED"), parsePrompt(b, "WEIGHTED"));
    const whole = parsePrompt(`${a}, ${b}`, "WEIGHTED");
    assert.equal(joined.source, whole.source);
    assert.deepEqual(joined.warnings, whole.warnings);
    assert.deepEqual(switchWarnings(joined, 6), switchWarnings(whole, 6));
    for (let step = 0; step < 6; step++) assert.deepEqual(promptAt(joined, step, 6), promptAt(whole, step, 6));
  }));
});

Deno.test("joined prompts keep what each says, whatever brackets either leaves open", () => {
  fc.assert(fc.property(anyText, anyText, (a, b) => {
    fc.pre(a.trim() !== "" && b.trim() !== "");
    const first = parsePrompt(a, "WEIGHTED"), second = parsePrompt(b, "WEIGHTED");
    const joined = joinParsed(first, second);
    const bare = ({ pieces }: typeof joined) =>
      pieces.map((piece) => piece.kind === "BREAK" ? piece.kind : [piece.text, piece.weight]);
    assert.deepEqual(bare(joined), [...bare(first), [", ", 1], ...bare(second)]);
    assert.equal(joined.warnings.length, first.warnings.length + second.warnings.length);
  }));
});

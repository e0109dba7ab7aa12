/** Schedules and alternation: what a prompt reads at each step. */

import assert from "node:assert/strict";
import { parsePrompt } from "../../../layout/prompt/parse.ts";
import { promptAt, promptSchedule, switchWarnings } from "../../../layout/prompt/schedule.ts";

const parse = (source: string) => parsePrompt(source, "WEIGHTED");

/** The text of each window: `text*weight` where it has one, parts joined by ` / `. */
function windows(source: string, steps: number): (readonly [first: number, end: number, text: string])[] {
  return promptSchedule(parse(source), steps).map(({ first, end, parts }) => {
    const text = parts.map((part) => part.map((s) => s.weight === 1 ? s.text : `${s.text}*${s.weight}`).join(""));
    return [first, end, text.join(" / ")] as const;
  });
}

const SCHEDULES: readonly (readonly [source: string, windows: readonly (readonly [number, number, string])[]])[] = [
  ["a fox", [[0, 10, "a fox"]]],
  ["[red:blue:0.4] fox", [[0, 4, "red fox"], [4, 10, "blue fox"]]],
  ["[red:blue:3] fox", [[0, 3, "red fox"], [3, 10, "blue fox"]]],
  ["[red:blue: 0.25 ]", [[0, 2, "red"], [2, 10, "blue"]]],
  ["[fox:0.5]", [[0, 5, ""], [5, 10, "fox"]]],
  ["[fox::0.5]", [[0, 5, "fox"], [5, 10, ""]]],
  ["[:fox:0.5]", [[0, 5, ""], [5, 10, "fox"]]],
  ["[red:blue:1]", [[0, 1, "red"], [1, 10, "blue"]]],
  ["[red:blue:1.0]", [[0, 10, "red"]]],
  ["[red:blue:0]", [[0, 10, "blue"]]],
  ["[red:blue:20]", [[0, 10, "red"]]],
  ["[(red:1.5):[blue]:.5]", [[0, 5, "red*1.5"], [5, 10, `blue*${1 / 1.1}`]]],
  ["([red:blue:0.5]:2)", [[0, 5, "red*2"], [5, 10, "blue*2"]]],
  ["[a:[b:c:6]:3]", [[0, 3, "a"], [3, 6, "b"], [6, 10, "c"]]],
  ["[[a:b:6]:c:3]", [[0, 3, "a"], [3, 10, "c"]]],
  ["[12\\:30:noon:5]", [[0, 5, "12:30"], [5, 10, "noon"]]],
  ["[a:b BREAK c:5]", [[0, 5, "a"], [5, 10, "b / c"]]],
  ["[a|a]", [[0, 10, "a"]]],
];

for (const [source, expected] of SCHEDULES) {
  Deno.test(`ten steps of ${JSON.stringify(source)}`, () => assert.deepEqual(windows(source, 10), expected));
}

const TURNS: readonly (readonly [source: string, texts: readonly string[]])[] = [
  ["[a|b] x", ["a x", "b x", "a x", "b x", "a x"]],
  ["[a|b|c]", ["a", "b", "c", "a", "b"]],
  ["[a|]", ["a", "", "a", "", "a"]],
  ["[|a|]", ["", "a", "", "", "a"]],
  ["[a|[b|c]]", ["a", "c", "a", "c", "a"]],
  ["[a|\\|]", ["a", "|", "a", "|", "a"]],
  ["[[a|b]:c:3]", ["a", "b", "a", "c", "c"]],
];

for (const [source, texts] of TURNS) {
  Deno.test(`five steps of ${JSON.stringify(source)}`, () => {
    const read = texts.map((_, step) => promptAt(parse(source), step, 5)[0]?.map(({ text }) => text).join(""));
    assert.deepEqual(read, texts);
  });
}

Deno.test("a fraction of the steps is cut off, not rounded", () => {
  assert.deepEqual(windows("[a:b:0.5]", 5), [[0, 2, "a"], [2, 5, "b"]]);
  assert.deepEqual(windows("[a:b:0.99]", 7), [[0, 6, "a"], [6, 7, "b"]]);
});

Deno.test("a switch that no step sees is a warning where it stands", () => {
  const codes = (source: string, steps: number) =>
    switchWarnings(parse(source), steps).map(({ code, position }) => [code, position]);
  assert.deepEqual(codes("x [a:b:0.5] [c:d:12]", 10), [["NEVER_SWITCHES", 12]]);
  assert.deepEqual(codes("x [a:b:0.05] [c|d]", 10), [["NEVER_SWITCHES", 2]]);
  assert.deepEqual(codes("x [a:b:0.05]", 20), []);
  assert.deepEqual(codes("[a:1.0]", 20), [["NEVER_SWITCHES", 0]]);
});

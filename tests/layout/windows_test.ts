/** Step windows and the prompts of a layout. */

import assert from "node:assert/strict";
import { layoutPrompts } from "../../layout/prompts.ts";
import { activeSteps, phases } from "../../layout/windows.ts";
import { resolveOrThrow } from "./random_layout.ts";

const EVERYWHERE = { kind: "RECTANGLE", x: 0, y: 0, width: 1, height: 1 } as const;

function steps(window: { start: number; end: number }, count: number): number[] {
  const { first, end } = activeSteps({ ...window, geometry: EVERYWHERE }, count);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

Deno.test("a window is the steps from round(start * steps) to before round(end * steps)", () => {
  assert.deepEqual(steps({ start: 0, end: 1 }, 3), [0, 1, 2]);
  assert.deepEqual(steps({ start: 0.5, end: 1 }, 5), [3, 4]);
  assert.deepEqual(steps({ start: 0.2, end: 0.6 }, 10), [2, 3, 4, 5]);
  assert.deepEqual(steps({ start: 0.5, end: 0.51 }, 20), []);
});

Deno.test("windows that meet leave no step out and share none", () => {
  for (let count = 1; count < 60; count++) {
    const both = [...steps({ start: 0, end: 1 / 3 }, count), ...steps({ start: 1 / 3, end: 1 }, count)];
    assert.deepEqual(both, Array.from({ length: count }, (_, i) => i));
  }
});

Deno.test("a region that is found by words begins after a third of the steps, rounded up, or later", () => {
  const words = { kind: "WORDS", of: "fox", threshold: 0.4, from: "BASE" } as const;
  const first = (count: number, start = 0) => activeSteps({ start, end: 1, geometry: words }, count).first;
  assert.deepEqual([1, 2, 3, 4, 12, 25].map((count) => first(count)), [1, 1, 1, 2, 4, 9]);
  assert.equal(first(12, 0.5), 6);
  // From a picture on, of the steps that are taken: 6 of 12, 1 of 12.
  const from = (begin: number) => activeSteps({ start: 0, end: 1, geometry: words }, 12, begin).first;
  assert.deepEqual([from(6), from(11)], [8, 12]);
  const inside = { kind: "UNION", of: [EVERYWHERE, words] } as const;
  assert.equal(activeSteps({ start: 0, end: 1, geometry: inside }, 12).first, 4);
  const layout = resolveOrThrow({
    regions: [{ prompt: "a", geometry: { words: { of: "fox" } }, end: 0.25 }, {
      prompt: "b",
      geometry: { rest: true },
    }],
  });
  // The first one's window is over before it is found: it never paints.
  assert(phases(layout, 12).every(({ active }) => active[0] === false && active[1] === true));
});

Deno.test("phases cut the schedule where a window opens or closes", () => {
  const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  const layout = resolveOrThrow({
    regions: [{ prompt: "a", geometry }, { prompt: "b", geometry, start: 0.3 }, { prompt: "c", geometry, end: 0.7 }],
  });
  assert.deepEqual(phases(layout, 10), [
    { first: 0, end: 3, active: [true, false, true] },
    { first: 3, end: 7, active: [true, true, true] },
    { first: 7, end: 10, active: [true, true, false] },
  ]);
  assert.deepEqual(phases(resolveOrThrow({}), 4), [{ first: 0, end: 4, active: [] }]);
});

Deno.test("the common prompt precedes base and regions, a missing negative is the layout's", () => {
  const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  const layout = resolveOrThrow({
    commonPrompt: "oil painting",
    negativePrompt: "blurry",
    regions: [{ prompt: "a fox", geometry }, { prompt: "an owl", geometry, negativePrompt: "" }],
  });
  assert.deepEqual(layoutPrompts(layout), {
    positive: ["oil painting", "oil painting, a fox", "oil painting, an owl"],
    negative: ["blurry", "blurry", ""],
  });
});

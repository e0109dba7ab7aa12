/** What counts as shown, on scores made by hand; and where the judge looks. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { likeliest, shownObject, sightings } from "../../tools/fidelity/verdict.ts";
import { type Box, windows } from "../../tools/fidelity/windows.ts";

const NAMES = ["cat", "dog", "none"];
const rows = (...values: readonly (readonly number[])[]) => values.map((row) => Float32Array.from(row));

Deno.test("an object's score is the mean of its three best windows, wherever they are", () => {
  const seen = sightings(
    NAMES,
    rows([0.9, 0, 0.1], [0, 0.25, 0.75], [0.5, 0.25, 0.25], [0, 0.25, 0.75], [0.1, 0, 0.9]),
  );
  assert.deepEqual(seen.map(({ name }) => name), ["cat", "dog"]);
  assert.deepEqual(seen.map(({ score }) => Number(score.toFixed(6))), [0.5, 0.25]);
  assert.equal(shownObject(seen), "cat");
});

Deno.test("one window that is sure is not enough, nor are two that are half sure", () => {
  assert.equal(shownObject(sightings(NAMES, rows([1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]))), null);
  assert.equal(shownObject(sightings(NAMES, rows([0.5, 0, 0.5], [0.5, 0, 0.5], [0, 0, 1]))), null);
  assert.equal(shownObject(sightings(NAMES, rows([1, 0, 0], [0.25, 0, 0.75], [0, 0, 1]))), "cat");
});

Deno.test("the score must exceed 0.35", () => {
  assert.equal(shownObject([{ name: "cat", score: 0.35 }]), null);
  assert.equal(shownObject([{ name: "cat", score: 0.3501 }]), "cat");
  assert.equal(shownObject([]), null);
});

Deno.test("none is no object, however sure it is", () => {
  const seen = sightings(NAMES, rows([0, 0.4, 0.6], [0, 0.4, 0.6], [0, 0.4, 0.6]));
  assert.deepEqual(seen.map(({ name }) => name), ["dog", "cat"]);
  assert.equal(shownObject(seen), "dog");
});

Deno.test("too few windows, and rows of another length, are refused", () => {
  assert.throws(() => sightings(NAMES, rows([1, 0, 0], [1, 0, 0])), /Cannot judge by 2 windows: it takes 3/);
  assert.throws(() => sightings(NAMES, rows([1, 0, 0], [1, 0], [1, 0, 0])), /Cannot name 2 probabilities with 3 names/);
  assert.throws(() => likeliest(NAMES, Float32Array.of()), /Cannot name 0 probabilities/);
  assert.throws(() => likeliest(NAMES, Float32Array.of(0, 1)), /Cannot name 2 probabilities/);
});

Deno.test("a background is the likeliest name", () => {
  assert.equal(likeliest(NAMES, Float32Array.of(0.2, 0.5, 0.3)), "dog");
});

Deno.test("windows are squares of five sizes inside the box that leave no pixel of it out", () => {
  const edge = fc.integer({ min: 12, max: 160 }), start = fc.integer({ min: 0, max: 300 });
  fc.assert(fc.property(start, start, edge, edge, (x0, y0, width, height) => {
    const box: Box = [x0, y0, x0 + width, y0 + height];
    const all = windows(box);
    assert.equal(new Set(all.map(String)).size, all.length, "no window comes twice");
    const shorter = Math.min(width, height);
    const bySide = Map.groupBy(all, ([a, , b]) => b - a);
    const expected = [0.32, 0.45, 0.63, 0.85, 1].map((share) => share * shorter);
    assert.equal(bySide.size, 5);
    [...bySide.keys()].forEach((side, i) => assert.ok(Math.abs(side - (expected[i] ?? NaN)) <= 0.5));
    for (const [side, of] of bySide) {
      for (const [a, b, c, d] of of) {
        assert.ok(a >= x0 && b >= y0 && c <= box[2] && d <= box[3] && c - a === d - b);
      }
      for (const [axis, from, to] of [[0, x0, box[2]], [1, y0, box[3]]] as const) {
        const places = [...new Set(of.map((window) => window[axis]))];
        assert.equal(places[0], from);
        assert.equal(places.at(-1), to - side);
        // A third of a side apart, but for rounding to pixels.
        places.slice(1).forEach((place, i) => assert.ok(place - (places[i] ?? NaN) < side / 3 + 1));
      }
    }
  }));
});

Deno.test("a quarter of 256 pixels is looked at through 103 windows", () => {
  assert.equal(windows([128, 0, 256, 128]).length, 8 * 8 + 5 * 5 + 3 * 3 + 2 * 2 + 1);
});

Deno.test("a box without an area is refused", () => {
  assert.throws(() => windows([5, 5, 5, 9]), /Cannot look through windows at \[5,5,5,9\]: it has no area/);
});

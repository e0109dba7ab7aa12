/** The figures of large pictures, on regions whose numbers are known. */

import assert from "node:assert/strict";
import type { LargePicture, LargeWay } from "../../tools/fidelity/large.ts";
import { largeFigures } from "../../tools/fidelity/large_figures.ts";
import { askedLayout } from "../../tools/fidelity/layouts.ts";

const NAMES = { object: ["a", "b", "c", "d"], background: ["e", "f", "g", "h"], style: ["i"], effect: ["j"] };

/** A picture of which the first regions show their object, each with so many leaks and such a border. */
function picture(way: LargeWay, objects: number, leaked: readonly number[], border: number): LargePicture {
  const regions = leaked.map((leaked, r) => ({
    object: r < objects,
    background: r < 2,
    leaked,
    border: border * (r + 1),
  }));
  return { way, asked: askedLayout(NAMES, 0), regions };
}

Deno.test("figures are means over the regions of one way, and native size has no goals", () => {
  const none = [0, 0, 0, 0];
  const pictures = [
    picture("native", 4, none, 1),
    picture("windows", 4, none, 0.2),
    picture("second", 4, none, 0.4),
    picture("windows", 3, [0, 3, 0, 0], 0.4),
  ];
  const told = largeFigures(pictures).map(({ value, goal, better }) => [Number(value.toFixed(6)), goal, better]);
  assert.deepEqual(told, [
    ...[[100, null, "higher"], [50, null, "higher"], [0, null, "lower"], [2.5, null, "lower"]],
    // 7 of 8; 3 of 24.
    ...[[87.5, 95, "higher"], [50, null, "higher"], [12.5, 2, "lower"], [0.75, 1.2, "lower"]],
    ...[[100, 95, "higher"], [50, null, "higher"], [0, 2, "lower"], [1, 1.2, "lower"]],
  ]);
  assert.deepEqual(largeFigures(pictures)[7]?.spread, [0.2, 1.6]);
  assert.throws(() => largeFigures(pictures.slice(0, 2)), /no regions at twice the size in a second pass/);
});

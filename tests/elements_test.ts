/** Checked reads give what is there, falsy or not, and refuse what is not. */

import assert from "node:assert/strict";
import { double, float, integer, nth } from "../elements.ts";

Deno.test("elements are given as they are, zeros and nulls too", () => {
  assert.deepEqual([nth([0, "", false], 1), nth([0], 0)], ["", 0]);
  assert.deepEqual([double(Float64Array.of(0, NaN), 1), double(Float64Array.of(0.1), 0)], [NaN, 0.1]);
  assert.deepEqual([float(Float32Array.of(0.5), 0), integer(Int32Array.of(-1), 0)], [0.5, -1]);
});

Deno.test("there is no element before the first, behind the last or between two", () => {
  for (const index of [-1, 2, 0.5, NaN]) {
    const refused = { name: "RangeError", message: `There is no element ${index} among 2` };
    assert.throws(() => nth([1, 2], index), refused);
    assert.throws(() => double(Float64Array.of(1, 2), index), refused);
    assert.throws(() => float(Float32Array.of(1, 2), index), refused);
    assert.throws(() => integer(Int32Array.of(1, 2), index), refused);
  }
});

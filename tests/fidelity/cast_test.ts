/** The violet cast of boxes, on pictures whose colours are known. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { violetCast } from "../../tools/fidelity/cast.ts";

/** Columns of one colour each. */
function columns(colours: readonly (readonly [number, number, number])[], height: number) {
  const data = Uint8Array.from(Array.from({ length: height }, () => colours.flat()).flat());
  return { width: colours.length, height, data };
}

Deno.test("a box has the mean of its own pixels, whatever lies beside it", () => {
  const picture = columns([[255, 0, 255], [200, 100, 50], [0, 255, 0], [9, 9, 9]], 3);
  assert.equal(violetCast(picture, [0, 0, 1, 3]), 255);
  assert.equal(violetCast(picture, [1, 1, 2, 2]), 25);
  assert.equal(violetCast(picture, [1, 0, 3, 2]), (25 - 255) / 2);
  assert.equal(violetCast(picture, [0, 0, 4, 3]), 25 / 4);
});

Deno.test("greys have none, and what is taken from green is added", () => {
  const byte = fc.nat(255);
  fc.assert(fc.property(byte, byte, byte, byte, (grey, red, green, blue) => {
    const inverse = [255 - red, 255 - green, 255 - blue] as const;
    assert.equal(violetCast(columns([[grey, grey, grey]], 2), [0, 0, 1, 2]), 0);
    assert.equal(violetCast(columns([[red, green, blue], inverse], 1), [0, 0, 2, 1]), 0);
  }));
});

Deno.test("a box that is not of the picture is refused", () => {
  const picture = columns([[1, 2, 3], [4, 5, 6]], 2);
  for (const box of [[0, 0, 3, 2], [0, -1, 1, 1], [1, 1, 1, 2], [0, 0, NaN, 1]] as const) {
    assert.throws(() => violetCast(picture, box), /Cannot cut \[.*\] out of a picture of 2 x 2/);
  }
});

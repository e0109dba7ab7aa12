/** Shapes are read as what they are, or refused. */

import assert from "node:assert/strict";
import { shapeOf, tensor } from "../../compute/tensor.ts";

Deno.test("a shape of so many dimensions is given, any other refused", () => {
  assert.deepEqual(shapeOf({ dims: [2, 0, 3] }, 3), [2, 0, 3]);
  for (const dims of [[], [2], [2, 3, 4]]) {
    const message = `Cannot read the shape [${dims}] as one of 2 dimensions`;
    assert.throws(() => shapeOf({ dims }, 2), { name: "RangeError", message });
  }
});

Deno.test("a tensor has as many numbers as its shape says", () => {
  assert.deepEqual(tensor([2, 2], Float32Array.of(1, 2, 3, 4)).dims, [2, 2]);
  assert.throws(() => tensor([2, 3], new Float32Array(5)), { message: /5 numbers as \[2,3\]: that takes 6/ });
});

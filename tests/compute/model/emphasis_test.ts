/** Weights on hidden states: each token's own, and nobody else's. */

import assert from "node:assert/strict";
import { emphasize } from "../../../compute/model/emphasis.ts";

const state = { dims: [3, 2], data: Float32Array.of(1, -2, 3, 4, 0.1, 0.7) };

Deno.test("a token's state is multiplied by its weight, the others keep every bit", () => {
  assert.deepEqual(emphasize(state, [1, 1.5, 1]).data, Float32Array.of(1, -2, 4.5, 6, 0.1, 0.7));
  assert.deepEqual(
    emphasize(state, [0, 1, 2]).data,
    Float32Array.of(0, -0, 3, 4, Math.fround(0.1) * 2, Math.fround(0.7) * 2),
  );
  assert.deepEqual(state.data, Float32Array.of(1, -2, 3, 4, 0.1, 0.7), "the state itself is not written to");
});

Deno.test("weights of 1 give the state itself", () => {
  assert.strictEqual(emphasize(state, [1, 1, 1]), state);
});

Deno.test("every token needs a weight", () => {
  assert.throws(() => emphasize(state, [1, 1]), RangeError);
});

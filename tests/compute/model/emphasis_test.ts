/** Weights on hidden states by each reading: small numbers, worked out by hand. */

import assert from "node:assert/strict";
import {
  EmphasisError,
  interpolate,
  multiply,
  multiplyKeepingMean,
  valueSigns,
} from "../../../compute/model/emphasis.ts";

const state = { dims: [3, 2], data: Float32Array.of(1, -2, 3, 4, 0.1, 0.7) };

Deno.test("NO_NORM: a token's state is multiplied by its weight, the others keep every bit", () => {
  assert.deepEqual(multiply(state, [1, 1.5, 1]).data, Float32Array.of(1, -2, 4.5, 6, 0.1, 0.7));
  assert.deepEqual(
    multiply(state, [0, 1, 2]).data,
    Float32Array.of(0, -0, 3, 4, Math.fround(0.1) * 2, Math.fround(0.7) * 2),
  );
  assert.deepEqual(state.data, Float32Array.of(1, -2, 3, 4, 0.1, 0.7), "the state itself is not written to");
});

Deno.test("a negative weight multiplies the state by its amount and turns the sign of the values", () => {
  assert.deepEqual(multiply(state, [1, -1.5, 1]).data, multiply(state, [1, 1.5, 1]).data);
  assert.deepEqual(multiply(state, [1, -1, 1]).data, state.data);
  assert.deepEqual(valueSigns([1, -1.5, 0]), Float32Array.of(1, -1, 1));
  assert.equal(valueSigns([1, 0, 2]), null);
});

Deno.test("A1111: and each row's mean is restored", () => {
  // Two rows of two tokens, one number each. The first: mean (1 + 3) / 2 = 2; times (2, 1): (2, 3), mean 2.5;
  // times 2 / 2.5 = 0.8: (1.6, 2.4). The second: mean 3; times (1, 0.5): (2, 2), mean 2; times 1.5: (3, 3).
  const rows = { dims: [4, 1], data: Float32Array.of(1, 3, 2, 4) };
  assert.deepEqual(multiplyKeepingMean(rows, [2, 1, 1, 0.5], 2).data, Float32Array.of(1.6, 2.4, 3, 3));
  // Weights of 1 all through a row leave every bit of it.
  assert.deepEqual(multiplyKeepingMean(rows, [2, 1, 1, 1], 2).data, Float32Array.of(1.6, 2.4, 2, 4));
});

Deno.test("A1111: where the new mean is zero there is nothing to scale by", () => {
  // (1, 1) times (2, 0) has the mean of before; (1, -1) times (2, 2) has mean 0.
  assert.deepEqual(
    multiplyKeepingMean({ dims: [2, 1], data: Float32Array.of(1, 1) }, [2, 0], 2).data,
    Float32Array.of(2, 0),
  );
  assert.throws(
    () => multiplyKeepingMean({ dims: [2, 1], data: Float32Array.of(1, -1) }, [2, 2], 2),
    EmphasisError,
  );
});

Deno.test("COMFY: from the empty prompt through the token and beyond, row by row", () => {
  // e = (1, 2) at both places of the row, z = (3, 1), (0, 5): at 1.5, e + 1.5 (z - e) = (4, 0.5); at -1, (2, -1);
  // at 0, the empty prompt's; at 1, its own bits.
  const empty = { dims: [2, 2], data: Float32Array.of(1, 2, 1, 2) };
  const z = { dims: [4, 2], data: Float32Array.of(3, 1, 0, 5, 3, 1, 0.1, 0.7) };
  assert.deepEqual(
    interpolate(z, [1.5, -1, 0, 1], empty).data,
    Float32Array.of(4, 0.5, 2, -1, 1, 2, 0.1, 0.7),
  );
});

Deno.test("weights of 1 give the state itself", () => {
  assert.strictEqual(multiply(state, [1, 1, 1]), state);
  assert.strictEqual(multiplyKeepingMean(state, [1, 1, 1], 3), state);
  assert.strictEqual(interpolate(state, [1, 1, 1], state), state);
});

Deno.test("every token needs a weight", () => {
  assert.throws(() => multiply(state, [1, 1]), RangeError);
});

/** Guidance, with one scale or one per cell. */

import assert from "node:assert/strict";
import { guidanceScale, guide } from "../../../compute/pipeline/guidance.ts";

const maps = { count: 2, height: 1, width: 3, data: Float32Array.of(1, 0.5, 0, 0, 0.5, 1) };

Deno.test("equal scales are one number, however the picture is divided", () => {
  assert.equal(guidanceScale([4, 4], maps), 4);
  assert.equal(guidanceScale([4], null), 4);
});

Deno.test("unequal scales are mixed as the weight maps are", () => {
  assert.deepEqual(guidanceScale([2, 6], maps), Float32Array.of(2, 4, 6));
});

Deno.test("a prediction moves away from the unconditional one by its scale", () => {
  const cond = Float32Array.of(3, -1);
  guide(cond, Float32Array.of(1, 1), 5);
  assert.deepEqual(cond, Float32Array.of(11, -9));
});

Deno.test("a scale of 1 leaves the prediction, a scale of 0 gives the unconditional one", () => {
  const one = Float32Array.of(3, -1);
  guide(one, Float32Array.of(1, 1), 1);
  assert.deepEqual(one, Float32Array.of(3, -1));
  guide(one, Float32Array.of(1, 1), 0);
  assert.deepEqual(one, Float32Array.of(1, 1));
});

Deno.test("a scale per cell holds for all channels", () => {
  const cond = Float32Array.of(1, 1, 1, 2, 2, 2);
  guide(cond, new Float32Array(6), Float32Array.of(1, 2, 3));
  assert.deepEqual(cond, Float32Array.of(1, 2, 3, 2, 4, 6));
});

/** When checkpoints are made, on a clock that the test moves. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { CheckpointPace } from "../../../compute/worker/checkpoint_pace.ts";

/** Takes steps, and offers a checkpoint after each; tells after which there was one. */
function paint(everyMs: number | null, steps: number, { stepMs, costMs }: { stepMs: number; costMs: number }) {
  const clock = { now: 5000 };
  const pace = new CheckpointPace(everyMs, () => clock.now);
  const made: number[] = [];
  for (let step = 1; step <= steps; step++) {
    clock.now += stepMs;
    const checkpoint = pace.make(() => {
      clock.now += costMs;
      return step;
    });
    if (checkpoint !== null) made.push(checkpoint);
  }
  return { made, ms: clock.now - 5000 };
}

Deno.test("long steps have one each, short ones one in the time that is asked for, and short pictures none", () => {
  assert.deepEqual(paint(2000, 4, { stepMs: 3000, costMs: 2 }).made, [1, 2, 3, 4]);
  assert.deepEqual(paint(2000, 10, { stepMs: 500, costMs: 1 }).made, [4, 8]);
  assert.deepEqual(paint(2000, 3, { stepMs: 500, costMs: 1 }).made, []);
  assert.deepEqual(paint(0, 3, { stepMs: 500, costMs: 1 }).made, [1, 2, 3]);
  assert.deepEqual(paint(null, 3, { stepMs: 5000, costMs: 0 }).made, []);
});

Deno.test("whatever a step and a checkpoint take, all but the first cost 1 % of the time at most", () => {
  const ms = fc.double({ min: 0.1, max: 1000, noNaN: true });
  fc.assert(fc.property(ms, ms, fc.constantFrom(0, 50, 2000), (stepMs, costMs, everyMs) => {
    const { made, ms } = paint(everyMs, 300, { stepMs, costMs });
    assert((made.length - 1) * costMs <= 0.01 * ms + 1e-6, `${made.length} of ${costMs} ms in ${ms} ms`);
  }));
});

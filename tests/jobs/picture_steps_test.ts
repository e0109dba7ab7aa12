/** The steps of several pictures, counted together. */

import assert from "node:assert/strict";
import { PictureSteps } from "../../jobs/picture_steps.ts";

/** A step of a picture of four, each of two predictions. */
const step = (step: number) => ({ step, steps: 4, passes: 2, passesLeft: 2 * (4 - step) });

Deno.test("steps are counted over all pictures in the order in which they come, with what is left of all", () => {
  const steps = new PictureSteps(4, [0, 0]);
  assert.deepEqual(steps.take(0, step(1)), { step: 1, steps: 8, passes: 2, passesLeft: 14 });
  assert.deepEqual(steps.take(1, step(1)), { step: 2, steps: 8, passes: 2, passesLeft: 12 });
  assert.deepEqual(steps.take(1, step(2)), { step: 3, steps: 8, passes: 2, passesLeft: 10 });
  steps.complete(1); // whose other steps were not told
  assert.deepEqual(steps.take(0, step(2)), { step: 6, steps: 8, passes: 2, passesLeft: 4 });
});

Deno.test("steps that were lost are counted once, and go on where they were", () => {
  const steps = new PictureSteps(4, [0, 3]);
  steps.take(0, step(1));
  steps.take(0, step(2));
  steps.lose(0);
  assert.deepEqual([steps.take(0, step(1)), steps.take(0, step(2))], [null, null]);
  assert.deepEqual(steps.take(0, step(3)), { step: 6, steps: 8, passes: 2, passesLeft: 4 });
});

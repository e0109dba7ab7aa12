/** Estimates go by what steps are made of. */

import assert from "node:assert/strict";
import { Estimator, type StepShape } from "../../requests/estimator.ts";

const SMALL: StepShape = { model: "a", width: 100, height: 50, previews: "linear" };
const LARGE: StepShape = { ...SMALL, width: 200, height: 100 };

/** But for rounding. */
function assertNear(estimate: number | null, expected: number, message?: string): void {
  assert.ok(estimate !== null && Math.abs(estimate - expected) < 1e-9, message ?? `${estimate}, not ${expected}`);
}

Deno.test("nothing is known of a model before its first step", () => {
  const estimator = new Estimator();
  estimator.record(SMALL, { passes: 2, stepMs: 100, previewMs: 0 });
  assert.deepEqual([estimator.knows("a"), estimator.knows("b")], [true, false]);
  assert.equal(estimator.estimate({ ...SMALL, model: "b" }, { passes: 1, previews: 1 }), null);
});

Deno.test("time goes by predictions and pixels", () => {
  const estimator = new Estimator();
  estimator.record(SMALL, { passes: 2, stepMs: 100, previewMs: 0 });
  assertNear(estimator.estimate(SMALL, { passes: 10, previews: 5 }), 500);
  assertNear(estimator.estimate(LARGE, { passes: 10, previews: 5 }), 2000);
  assertNear(estimator.estimate(SMALL, { passes: 0, previews: 0 }), 0);
});

Deno.test("a generation of many predictions a step leaves the estimates of others as they are", () => {
  const estimator = new Estimator();
  for (let i = 0; i < 20; i++) estimator.record(SMALL, { passes: 1, stepMs: 50, previewMs: 0 });
  // Twelve regions in latent mode, guided, with Heun's two calls: 52 predictions of 50 ms.
  for (let i = 0; i < 20; i++) estimator.record(SMALL, { passes: 52, stepMs: 52 * 50, previewMs: 0 });
  assertNear(estimator.estimate(SMALL, { passes: 20, previews: 20 }), 1000);
});

Deno.test("previews count by their method, and not as predictions", () => {
  const estimator = new Estimator();
  const decoded: StepShape = { ...SMALL, previews: "autoencoder" };
  estimator.record(decoded, { passes: 2, stepMs: 130, previewMs: 30 });
  assertNear(estimator.estimate(decoded, { passes: 20, previews: 10 }), 1300);
  assertNear(estimator.estimate(SMALL, { passes: 20, previews: 10 }), 1000, "linear ones: none was made yet");
  estimator.record(SMALL, { passes: 2, stepMs: 101, previewMs: 1 });
  assertNear(estimator.estimate(SMALL, { passes: 20, previews: 10 }), 1010);
});

Deno.test("newer steps weigh more: 0.3 of the average each", () => {
  const estimator = new Estimator();
  for (const stepMs of [100, 200, 100]) estimator.record(SMALL, { passes: 1, stepMs, previewMs: 0 });
  assertNear(estimator.estimate(SMALL, { passes: 1, previews: 0 }), 121, "100, 130, 121");
});

/** The statistics behind the bench's figures. */

import { strict as assert } from "node:assert";
import { balancedRatio, pairedRatio, repeated, summarize } from "../../tools/bench/statistics.ts";

Deno.test("the median of an odd number of samples is the middle one, of an even number the mean of the two", () => {
  assert.deepEqual(summarize([5, 1, 9]), { median: 5, min: 1, max: 9 });
  assert.deepEqual(summarize([4, 1, 2, 9]), { median: 3, min: 1, max: 9 });
  assert.deepEqual(summarize([10, 9]), { median: 9.5, min: 9, max: 10 });
  assert.throws(() => summarize([]), RangeError);
});

Deno.test("warm-ups run before the samples and do not count", async () => {
  let calls = 0;
  assert.deepEqual(await repeated(() => Promise.resolve(++calls), 3, 2), [3, 4, 5]);
});

Deno.test("a machine that slows down does not change a paired ratio", async () => {
  let load = 1;
  const taking = (ms: number) => () => Promise.resolve(ms * (load *= 1.01));
  const { median } = await pairedRatio(taking(30), taking(20), 20);
  assert.ok(Math.abs(median - 1.5) < 1e-3, `${median}`);
});

Deno.test("a paired ratio samples both sides in turn and lets either begin", async () => {
  const order: string[] = [];
  const side = (name: string) => () => {
    order.push(name);
    return Promise.resolve(1);
  };
  await pairedRatio(side("a"), side("b"), 2, 1);
  assert.deepEqual(order, ["a", "b", "b", "a", "a", "b"]);
});

Deno.test("a load that grows evenly leaves a balanced ratio exact, round by round", async () => {
  let load = 1;
  const taking = (ms: number) => () => Promise.resolve(ms * (load += 0.1));
  const { median, min, max } = await balancedRatio(taking(30), taking(20), 20);
  for (const ratio of [median, min, max]) assert.ok(Math.abs(ratio - 1.5) < 1e-12, `${ratio}`);
});

Deno.test("a balanced ratio samples A, B, B, A, then B, A, A, B, and divides A by B in both", async () => {
  const order: string[] = [];
  const side = (name: string, ms: number) => () => {
    order.push(name);
    return Promise.resolve(ms);
  };
  const { min, max } = await balancedRatio(side("a", 3), side("b", 2), 2, 0);
  assert.equal(order.join(""), "abbabaab");
  assert.deepEqual([min, max], [1.5, 1.5]);
});

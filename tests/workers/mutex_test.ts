/** One task at a time, in order, whatever becomes of each. */

import assert from "node:assert/strict";
import { Mutex } from "../../workers/mutex.ts";

Deno.test("tasks run one after the other in the order they came, and a failure stops none of them", async () => {
  const mutex = new Mutex();
  const seen: string[] = [];
  const task = (name: string, fails = false) =>
    mutex.run(async () => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5 * Math.random()));
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([task("a"), task("b", true), task("c")]);
  assert.deepEqual(results.map((result) => result.status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(seen, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

/**
 * Some of `deno task chaos --faults`: a database that does not answer, and one whose disk is full. That PostgreSQL, the object store and
 * Redis are not there at all is tests/e2e/away_test.ts and tests/fleet/fleet_test.ts.
 */

import assert from "node:assert/strict";
import { tableOfFaults, tryFaults } from "../../tools/chaos/faults/all_faults.ts";

/** What is promised, by fault: the check that `/ready` names, and as what a request is refused. */
const PROMISED: Readonly<Record<string, readonly [string, string | undefined]>> = {
  "PostgreSQL silent": ["database", undefined], // what is asked waits for it, up to half a minute
  "PostgreSQL's disk full": ["database", "STORAGE_FULL"],
};

Deno.test("a database that is silent or full is named by /ready; requests wait, or are refused with a time to try again, and nothing restarts", async () => {
  const told: string[] = [];
  const options = { seconds: 2.5, steps: 60, patience: 60 };
  const tried = await tryFaults(options, (name) => name in PROMISED, (line) => told.push(line));
  assert.deepEqual(tried.flatMap(({ faults }) => faults), [], tableOfFaults(tried));
  for (const { name, unready, answer, jobs } of tried) {
    const [check, code] = PROMISED[name] ?? [];
    assert.deepEqual(Object.keys(unready), [check], name);
    assert.equal(answer?.code, code, name);
    assert.equal(jobs.length, 3);
  }
  if (!told.some((line) => line.includes("leaves out"))) assert.equal(tried.length, Object.keys(PROMISED).length);
});

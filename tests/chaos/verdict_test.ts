/** What `deno task chaos` takes for a fault, and what not. */

import assert from "node:assert/strict";
import type { Followed } from "../../tools/chaos/follow.ts";
import { faultsOf, faultsOfFollowed, faultsOfLog, type JobRecord } from "../../tools/chaos/verdict.ts";

const LOG = ["STATUS", "PROGRESS", "PREVIEW", "STATUS", "COMPLETED"].map((type, i) => ({ sequence: i + 1, type }));
const SEEN: Followed = { sequences: [1, 2, 3, 4, 5], ends: ["SUCCEEDED"], reconnects: 2 };
const INPUT = { seed: 1, steps: 2 };
const JOB: JobRecord = {
  id: "Generation:1",
  input: INPUT,
  again: "Generation:1",
  live: SEEN,
  replayed: { ...SEEN, sequences: [1, 2, 4, 5] }, // without the preview
  log: LOG,
  ended: { status: "SUCCEEDED", attempts: 2, sha256: "ab" },
};

const judge = (change: Partial<JobRecord>) => faultsOf([{ ...JOB, ...change }], new Map([[INPUT, "ab"]]));

Deno.test("a job that ended once, with its picture and all events but previews, is faultless", () => {
  assert.deepEqual(judge({}), []);
  const failed = { ends: ["FAILED"], sequences: [1, 2, 4, 5], reconnects: 0 };
  assert.deepEqual(
    judge({ live: failed, replayed: failed, ended: { status: "FAILED", attempts: 3, sha256: null } }),
    [],
  );
});

Deno.test("another picture, none, another id and another end are faults", () => {
  assert.match(judge({ ended: { ...JOB.ended, sha256: "cd" } }).join(), /differs from the undisturbed/);
  assert.match(judge({ ended: { ...JOB.ended, sha256: null } }).join(), /succeeded without a picture/);
  assert.match(judge({ again: "Generation:2" }).join(), /stands for Generation:2/);
  assert.match(judge({ ended: { ...JOB.ended, status: "RUNNING" } }).join(), /it is RUNNING/);
});

Deno.test("gaps, repeats and several ends are faults of a log", () => {
  assert.deepEqual([...faultsOfLog(LOG)], []);
  assert.match([...faultsOfLog(LOG.toSpliced(1, 1))].join(), /event 3 comes after 1/);
  assert.match([...faultsOfLog([...LOG, { sequence: 5, type: "COMPLETED" }])].join(), /5 comes after 5.*ends 2 times/);
  assert.match([...faultsOfLog(LOG.slice(0, -1))].join(), /ends 0 times,log: its last event is STATUS/);
  assert.match([...faultsOfLog([])].join(), /its last event is none/);
});

Deno.test("what a subscriber missed, saw twice, out of order or too much is a fault", () => {
  const judge = (sequences: number[], ends = ["SUCCEEDED"]) =>
    [...faultsOfFollowed({ sequences, ends, reconnects: 0 }, LOG, "SUCCEEDED")].join();
  assert.equal(judge([1, 2, 3, 4, 5]), "");
  assert.equal(judge([1, 2, 4, 5]), "");
  assert.match(judge([1, 3, 4, 5]), /PROGRESS event 2 is missing/);
  assert.match(judge([1, 2, 2, 4, 5]), /event 2 comes after 2/);
  assert.match(judge([1, 2, 4, 3, 5]), /event 3 comes after 4/);
  assert.match(judge([1, 2, 4, 5, 6]), /event 6 is not in the log/);
  assert.match(judge([1, 2, 4, 5], ["SUCCEEDED", "SUCCEEDED"]), /ends \[SUCCEEDED,SUCCEEDED\]/);
});

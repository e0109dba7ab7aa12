/** The table and the JSON that the bench prints. */

import { strict as assert } from "node:assert";
import { figure, figuresJson, meetsGoal, type Row } from "../../tools/bench/figure.ts";
import { renderTable } from "../../tools/bench/table.ts";

const summary = { median: 1.0314, min: 1.01, max: 1.2 };
const MET = figure("eight regions", summary, { unit: "x plain", goal: 1.05 });
const MISSED = figure("sixteen", { median: 123.4, min: 99.96, max: 150 }, { unit: "ms", goal: 100 });
const ROWS: readonly Row[] = [MET, MISSED, { name: "peer", unmeasured: "not asked" }];

Deno.test("a goal is an upper bound where lower is better and a lower bound where higher is", () => {
  assert.equal(meetsGoal(MET), true);
  assert.equal(meetsGoal(MISSED), false);
  assert.equal(meetsGoal({ ...MISSED, better: "higher" }), true);
  assert.equal(meetsGoal({ ...MISSED, goal: null }), null);
});

Deno.test("the table aligns its columns and says which goals are met", () => {
  assert.equal(
    renderTable(ROWS),
    [
      "figure         value  unit       spread         goal",
      "eight regions  1.031  x plain    1.010 - 1.200  <= 1.05  met",
      "sixteen          123  ms         100.0 - 150    <= 100   NOT MET",
      "peer               -  not asked",
    ].join("\n"),
  );
});

Deno.test("the JSON holds the measured figures alone", () => {
  assert.deepEqual(JSON.parse(figuresJson(ROWS)), {
    figures: [
      { name: "eight regions", value: 1.0314, unit: "x plain", goal: 1.05, better: "lower" },
      { name: "sixteen", value: 123.4, unit: "ms", goal: 100, better: "lower" },
    ],
  });
});

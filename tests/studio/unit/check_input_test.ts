/** What of the draft a dry run is asked about, and where its problems are. */

import assert from "node:assert/strict";
import { checkInput, problemOf, typeProblem, valueAt } from "../../../studio/src/dry_run/check_input.ts";
import { exampleDraft } from "../../../studio/src/draft/example.ts";

Deno.test("a dry run is asked about what it looks at, and not about seeds and files", () => {
  const draft = { ...exampleDraft(), settings: { width: 512, steps: 3, seed: 7, format: "PNG" as const } };
  const { layout, ...settings } = checkInput(draft);
  assert.deepEqual(settings, { width: 512, steps: 3 });
  assert.deepEqual(layout?.regions?.map((region) => Object.keys(region)), Array(3).fill(["name", "prompt"]));
});

Deno.test("a problem's path begins at the layout or at a setting", () => {
  const path = ["input", "layout", "regions", "1", "weight"];
  const problem = problemOf({ path, message: "whole", rule: "must be greater than 0", value: "-1" });
  assert.deepEqual(problem, { path: path.slice(1), message: "whole", rule: "must be greater than 0, is -1" });
  assert.equal(valueAt(exampleDraft(), ["layout", "regions", "1", "prompt"]), "a fox, forest");
  assert.equal(valueAt(exampleDraft(), ["secondPass", "scale"]), undefined);
  assert.equal(valueAt(exampleDraft(), ["width"]), 768);
});

Deno.test("what GraphQL says of a value of the wrong type is a problem at its field; other errors are none", () => {
  const whole = 'Variable "$input" got invalid value 12.5 at "input.layout.regions[0].z"; Float cannot: 12.5';
  assert.deepEqual(typeProblem(whole)?.path, ["layout", "regions", "0", "z"]);
  assert.equal(typeProblem(whole)?.rule, "Float cannot: 12.5");
  assert.equal(typeProblem("Not allowed"), undefined);
});

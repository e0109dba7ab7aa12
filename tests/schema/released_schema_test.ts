/** Programs written for the last release go on working, unless a change that breaks them is meant and says why. */

import { strict as assert } from "node:assert";
import { ALLOWED_CHANGES } from "../../schema/allowed_changes.ts";
import { schemaChanges } from "../../schema/changes.ts";
import { RELEASED } from "../../schema/check.ts";
import { printedSchema } from "../../schema/print.ts";

const released = Deno.readTextFileSync(RELEASED);

Deno.test("nothing breaks programs of the last release but what schema/allowed_changes.ts lists", async () => {
  const { forbidden, stale } = await schemaChanges(released, printedSchema(), ALLOWED_CHANGES);
  assert.deepEqual(forbidden, [], "`deno task schema:check` shows all changes");
  assert.deepEqual(stale, [], "allowed, but not there");
  for (const { change, reason } of ALLOWED_CHANGES) assert.ok(reason.length > 20, `${change} has no reason`);
});

const bare = released.replaceAll(/ *"""[^]*?"""\n/g, "");

/** The released schema without descriptions, with one text in place of another. */
function edited(from: string, to: string): string {
  const schema = bare.replace(from, to);
  assert.notEqual(schema, bare, `there is no ${from}`);
  return schema;
}

const cases = {
  "a field that may be null": edited("\n  seed: Seed!\n", "\n  seed: Seed\n"),
  "a field that is gone": edited("\n  queuePosition: Int\n", "\n"),
  "a required input field": edited("input GenerateInput {", "input GenerateInput {\n  token: String!"),
  "a required argument": edited("samplers: [Sampler!]!", "samplers(all: Boolean!): [Sampler!]!"),
  "an enum value that is gone": edited("\n  NEAREST\n", "\n"),
  "a union member that is gone": edited(
    "GenerateResult = Generation | IdempotencyConflictError",
    "GenerateResult = Generation",
  ),
};
for (const [name, schema] of Object.entries(cases)) {
  Deno.test(`${name} is found, and allowed only by its own name`, async () => {
    const { forbidden, changes } = await schemaChanges(bare, schema, []);
    assert.deepEqual([forbidden.length, changes.length], [1, 1]);
    const [{ change } = { change: "" }] = forbidden;
    const allowed = await schemaChanges(bare, schema, [{ change, reason: "meant" }]);
    assert.deepEqual([allowed.forbidden, allowed.stale], [[], []]);
    assert.equal(allowed.changes[0]?.allowed, "meant");
    const other = { change: `${change}s`, reason: "another" };
    const wrong = await schemaChanges(bare, schema, [other]);
    assert.deepEqual([wrong.forbidden.length, wrong.stale], [1, [other]]);
  });
}

Deno.test("what only adds is no break, and other descriptions are no change", async () => {
  const schema = edited("input GenerateInput {", "input GenerateInput {\n  token: String");
  const { changes, forbidden } = await schemaChanges(released, schema, []);
  assert.deepEqual(forbidden, []);
  assert.deepEqual(changes.map(({ change }) => change), ["INPUT_FIELD_ADDED GenerateInput.token"]);
});

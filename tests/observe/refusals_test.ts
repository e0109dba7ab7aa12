/** The schema whose refusals are watched is the schema. */

import { strict as assert } from "node:assert";
import { lexicographicSortSchema, printSchema } from "graphql";
import { codeOf, watchRefusals } from "../../observe/refusals.ts";
import { InvalidInputErrors, NotFoundError, QueueFullError } from "../../schema/errors.ts";
import { schema } from "../../schema/index.ts";

Deno.test("a watched schema prints as it did", () => {
  const printed = (some: typeof schema) => printSchema(lexicographicSortSchema(some));
  assert.equal(printed(watchRefusals(schema, () => {})), printed(schema));
});

Deno.test("every typed error has a code", () => {
  assert.equal(codeOf(new QueueFullError(1, 2)), "QUEUE_FULL");
  assert.equal(codeOf(new NotFoundError("x")), "NOT_FOUND");
  assert.equal(codeOf(new InvalidInputErrors([])), "INVALID_INPUT");
});

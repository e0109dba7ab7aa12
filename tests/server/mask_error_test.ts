/** What clients see of faults: of the store what they can act on, of all others nothing. */

import assert from "node:assert/strict";
import { GraphQLError } from "graphql";
import { maskError } from "../../server/mask_error.ts";
import { StorageError } from "../../assets/storage_error.ts";

Deno.test("a fault of the store keeps its message and place, tells its code and when to try again, and no cause", () => {
  const fault = new StorageError("STORAGE_FULL", new Error("ENOSPC: /data/secret"));
  const masked = maskError(
    new GraphQLError(fault.message, { originalError: fault, path: ["generations"] }),
    "Unexpected",
  );
  assert.deepEqual(JSON.parse(JSON.stringify(masked)), {
    message: "Cannot use the store: the disk is full",
    path: ["generations"],
    extensions: { code: "STORAGE_FULL", retryAfterSeconds: 30 },
  });
  const damaged = maskError(new StorageError("STORAGE_DAMAGED", new Error("x")), "Unexpected") as GraphQLError;
  assert.deepEqual(
    damaged.extensions,
    { code: "STORAGE_DAMAGED" },
    "thrown outside of a field, and not to be tried again",
  );
});

Deno.test("other faults are hidden, and GraphQL's own errors are shown", () => {
  const original = new Error("/data/secret");
  const masked = maskError(new GraphQLError(original.message, { originalError: original }), "Unexpected", false);
  assert.equal(masked.message, "Unexpected");
  assert.ok(!JSON.stringify(masked).includes("secret"));
  const own = new GraphQLError("Cannot query field");
  assert.equal(maskError(own, "Unexpected"), own);
});

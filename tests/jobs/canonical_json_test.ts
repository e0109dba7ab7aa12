/** One spelling per value. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "../../jobs/canonical_json.ts";

Deno.test("the order of keys does not matter, at any depth; the order of lists does", () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}');
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

Deno.test("values are equal exactly when their spellings are", () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).reverse().map(([k, v]) => [k, shuffled(v)]))
      : value;
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.equal(canonicalJson(shuffled(value)), canonicalJson(value));
    assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
  }));
});

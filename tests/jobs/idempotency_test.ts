/** What counts as the same input. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fingerprint } from "../../jobs/idempotency.ts";

Deno.test("a fingerprint is the SHA-256 of the input in canonical JSON", () => {
  const written = '{"layout":{"basePrompt":"a","regions":[{"name":"b","weight":2}]},"steps":4}';
  const sent = { steps: 4, layout: { regions: [{ weight: 2, name: "b" }], basePrompt: "a" } };
  assert.equal(fingerprint(sent), createHash("sha256").update(written).digest("hex"));
});

Deno.test("every field counts but the key itself", () => {
  const input = { steps: 4, layout: { regions: [{ prompt: "a" }, { prompt: "b" }] } };
  assert.equal(fingerprint({ ...input, idempotencyKey: "k" }), fingerprint(input));
  const others = [
    { ...input, steps: 5 },
    { ...input, priority: 0 },
    { ...input, layout: { regions: input.layout.regions.toReversed() } },
    { ...input, layout: { ...input.layout, idempotencyKey: "k" } },
  ];
  const all = [input, ...others].map(fingerprint);
  assert.equal(new Set(all).size, all.length);
});

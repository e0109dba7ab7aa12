/** How long, and how much is kept, as operators write it. */

import assert from "node:assert/strict";
import { readRetention, readTime } from "../../jobs/read_retention.ts";

const DAY = 86_400_000;

Deno.test("policies are times and sizes", () => {
  assert.deepEqual(readRetention(""), {});
  assert.deepEqual(readRetention("30d"), { maxAgeMs: 30 * DAY });
  assert.deepEqual(readRetention("1.5 GB"), { maxBytes: 1.5e9 });
  assert.deepEqual(readRetention("20GB, 8w"), { maxBytes: 20e9, maxAgeMs: 56 * DAY });
  for (const text of ["30", "d", "0d", "-1d", "30d,10d", "1GB,2GB", "30d,", "1e9GB", "30 days", "10gb"]) {
    assert.equal(readRetention(text), undefined, text);
  }
  assert.equal(readTime("12h"), DAY / 2);
  assert.equal(readTime("1GB"), undefined);
});

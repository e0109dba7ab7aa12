/** Numbers as they are typed, chosen and said. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { bytes, duration, share } from "../../../studio/src/dry_run/in_words.ts";
import { overlapping } from "../../../studio/src/dry_run/overlapping.ts";
import { readNumber } from "../../../studio/src/fields/read_number.ts";
import { otherEdge, presets } from "../../../studio/src/settings/sizes.ts";

Deno.test("times, sizes and shares are said as people say them", () => {
  assert.deepEqual([0.4, 1, 7.6, 43, 89, 90, 600, 9000].map(duration), [
    "less than a second",
    "about 1 second",
    "about 8 seconds",
    "about 45 seconds",
    "about 90 seconds",
    "about 2 minutes",
    "about 10 minutes",
    "about 2.5 hours",
  ]);
  assert.deepEqual([1, 58_533_788, 2.14e9, 12e9].map(bytes), ["1 MB", "59 MB", "2.1 GB", "12 GB"]);
  assert.deepEqual([0, 0.001, 1 / 3, 1].map(share), ["0 %", "less than 1 %", "33 %", "100 %"]);
});

Deno.test("a number is read with a point or a comma; what is none is said to be none, and nothing is nothing", () => {
  assert.deepEqual([" 1.5 ", "1,5", "-.5", "+2", "", " ", "1.2.3", "1e3", "five", "-"].map(readNumber), [
    1.5,
    1.5,
    -0.5,
    2,
    undefined,
    undefined,
    "none",
    "none",
    "none",
    "none",
  ]);
});

Deno.test("sizes are multiples with about the area that the model was trained for", () => {
  assert.deepEqual(presets(512, 8)[0], { label: "1:1", width: 512, height: 512 });
  fc.assert(fc.property(fc.integer({ min: 256, max: 2048 }), fc.constantFrom(8, 16, 64), (native, multiple) => {
    for (const { width, height, label } of presets(native, multiple)) {
      assert.ok(width % multiple === 0 && height % multiple === 0 && height > 0, label);
      assert.ok(Math.abs(width * height / native ** 2 - 1) < 2.1 * multiple / Math.min(width, height), label);
    }
  }));
  assert.equal(otherEdge(1024, 768, 256, 8), 344); // 341.3
  assert.equal(otherEdge(8, 768, 256, 8), 8);
});

Deno.test("pairs that overlap come with the largest first; borders between pixels are none", () => {
  const pairs = overlapping(["a", "b", "c"], [[0.5, 0.1, 0.2], [0.1, 0.5, 0.001], [0.2, 0.001, 0.5]]);
  assert.deepEqual(pairs, [{ names: ["a", "c"], share: 0.2 }, { names: ["a", "b"], share: 0.1 }]);
});

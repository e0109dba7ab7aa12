/** At which size previews are sent. */

import assert from "node:assert/strict";
import { previewEdge, previewEncoding } from "../../image/preview_encoding.ts";

Deno.test("a linear preview is enlarged fourfold and no more, however large it may be", () => {
  assert.equal(previewEdge({ width: 32, height: 32 }, 1024), 128);
  assert.equal(previewEdge({ width: 24, height: 64 }, 1024), 256);
});

Deno.test("a preview is never larger than its receiver allows", () => {
  assert.equal(previewEdge({ width: 64, height: 64 }, 96), 96);
  assert.equal(previewEdge({ width: 256, height: 192 }, 256), 256);
});

Deno.test("PNG previews have no quality to choose", () => {
  assert.deepEqual(previewEncoding("PNG", 128), { format: "PNG", edge: 128 });
  assert.deepEqual(previewEncoding("WEBP", 128), { format: "WEBP", edge: 128, quality: 75 });
});

/** Where a picture lies on a canvas of another shape. */

import assert from "node:assert/strict";
import { within } from "../../../studio/src/canvas/within.ts";

Deno.test("a picture fills a canvas of its shape, and lies whole and undistorted in the middle of another", () => {
  const frame = { x: 10, y: 20, width: 300, height: 300 };
  assert.deepEqual(within(frame, null), frame);
  assert.deepEqual(within(frame, { width: 256, height: 250 }), frame, "a preview, whose edges are whole pixels");
  assert.deepEqual(within(frame, { width: 768, height: 256 }), { x: 10, y: 120, width: 300, height: 100 });
  assert.deepEqual(within(frame, { width: 256, height: 768 }), { x: 110, y: 20, width: 100, height: 300 });
});

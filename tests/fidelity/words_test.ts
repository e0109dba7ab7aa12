/** How the overlap of a mask with an object is counted. */

import assert from "node:assert/strict";
import { overlapOf } from "../../tools/fidelity/words.ts";

Deno.test("an object is what differs from the border in at least half of a cell's pixels", () => {
  // 32 x 32 pixels in 4 x 4 cells; the object fills a cell, half of the next one, and a quarter of the one below.
  const data = new Uint8Array(32 * 32 * 3).fill(200);
  const paint = (left: number, top: number, width: number, height: number) => {
    for (let y = top; y < top + height; y++) data.fill(20, (y * 32 + left) * 3, (y * 32 + left + width) * 3);
  };
  paint(8, 8, 12, 8);
  paint(8, 16, 4, 4);
  const mask = (...cells: number[]) => ({
    width: 4,
    height: 4,
    data: Uint8Array.from({ length: 64 }, (_, i) => i % 4 === 3 || cells.includes(Math.floor(i / 4)) ? 255 : 0),
  });
  const picture = { width: 32, height: 32, data };
  assert.equal(overlapOf(mask(5, 6), picture), 1);
  assert.equal(overlapOf(mask(5), picture), 1 / 2);
  assert.equal(overlapOf(mask(5, 6, 9, 10), picture), 1 / 2);
  assert.equal(overlapOf(mask(0), picture), 0);
});

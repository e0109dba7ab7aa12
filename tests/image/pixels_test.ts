/** What counts as a picture. */

import assert from "node:assert/strict";
import { MAX_EDGE, pixels } from "../../image/pixels.ts";
import { invalid } from "./pictures.ts";

Deno.test("Pixels are a view over the given data, not a copy", () => {
  const data = new Uint8Array(2 * 1 * 4);
  assert.deepEqual(pixels(2, 1, 4, data), { width: 2, height: 1, channels: 4, data });
  assert.equal(pixels(2, 1, 4, data).data, data);
});

Deno.test("Pixels of a size that no picture has are refused, naming the edge", () => {
  for (const edge of [0, -1, 1.5, Infinity, MAX_EDGE + 1]) {
    assert.throws(() => pixels(edge, 1, 3, new Uint8Array(3)), invalid("OUT_OF_RANGE", "pixels", "width"), `${edge}`);
    assert.throws(() => pixels(1, edge, 3, new Uint8Array(3)), invalid("OUT_OF_RANGE", "pixels", "height"), `${edge}`);
  }
  assert.throws(() => pixels(NaN, 1, 3, new Uint8Array(3)), invalid("NOT_A_NUMBER", "pixels", "width"));
  assert.throws(() => pixels("1" as never, 1, 3, new Uint8Array(3)), invalid("NOT_A_NUMBER", "pixels", "width"));
  assert.throws(() => pixels(8193, 8192, 3, new Uint8Array(3)), invalid("INVALID_SIZE", "pixels"));
});

Deno.test("Pixels must have 3 or 4 channels and exactly their bytes", () => {
  assert.throws(() => pixels(1, 1, 1 as never, new Uint8Array(1)), invalid("INVALID_VALUE", "pixels", "channels"));
  assert.throws(() => pixels(1, 1, 3, [1, 2, 3] as never), invalid("INVALID_VALUE", "pixels", "data"));
  for (const length of [0, 11, 13, 16]) {
    const bytes = new Uint8Array(length);
    assert.throws(() => pixels(2, 2, 3, bytes), invalid("INVALID_SIZE", "pixels", "data", "length"));
  }
});

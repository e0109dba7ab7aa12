/** Pictures to start from and what of them is painted anew, before any model sees them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { cellShares, initPicture, pasteBack, repaintMask } from "../../../compute/pipeline/init_picture.ts";
import type { RepaintMask } from "../../../compute/pipeline/request.ts";
import { type Layout, PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../../layout/layout.ts";

const SIZE = { width: 16, height: 8 };
const place = (name: string, geometry: Region["geometry"], enabled = true): Region => ({
  ...PLAIN_REGION,
  name,
  enabled,
  geometry,
  prompt: "a fox",
});
const LAYOUT: Layout = {
  ...PLAIN_LAYOUT,
  regions: [
    place("left", { kind: "RECTANGLE", x: 0, y: 0, width: 0.25, height: 1 }, false),
    place("top", { kind: "RECTANGLE", x: 0, y: 0, width: 1, height: 0.5 }),
    place("rest", { kind: "REST" }),
  ],
};

const region = (name: string, more: Partial<RepaintMask> = {}): RepaintMask => ({
  area: { kind: "REGION", region: name },
  inverted: false,
  feather: 0,
  ...more,
});
const mask = (of: RepaintMask) => repaintMask(of, LAYOUT, SIZE, new Map());
const byPixel = (share: (x: number, y: number) => number) =>
  Float32Array.from({ length: 128 }, (_, i) => share(i % 16, Math.floor(i / 16)));

Deno.test("a region is the mask, enabled or not; the rest is what the regions that paint leave", () => {
  assert.deepEqual(mask(region("left")), byPixel((x) => x < 4 ? 1 : 0));
  assert.deepEqual(mask(region("rest")), byPixel((_, y) => y < 4 ? 0 : 1));
  assert.deepEqual(mask(region("left", { inverted: true })), byPixel((x) => x < 4 ? 0 : 1));
});

Deno.test("a feather softens the border, by the picture's short edge", () => {
  const soft = mask(region("left", { feather: 0.125 })); // 1 pixel
  const row = [...soft.subarray(0, 16)];
  // The normal distribution's shares beyond 0.5 and 1.5 pixels of a kernel sampled at whole pixels: 0.3006 and 0.0585.
  assert(Math.abs((row[3] ?? 0) - 0.6994) < 1e-3 && Math.abs((row[4] ?? 0) - 0.3006) < 1e-3, `${row}`);
  assert.deepEqual([row[0], row[8]], [1, 0]);
});

Deno.test("an image is the mask where it is white, stretched over the picture", () => {
  const data = Uint8Array.from([0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 128, 128, 128, 255]);
  const images = new Map([["m", { width: 4, height: 1, data }]]);
  const drawn = repaintMask({ ...region(""), area: { kind: "IMAGE", image: "m" } }, LAYOUT, SIZE, images);
  assert.deepEqual(drawn, byPixel((x) => [0, 1, 0, 128 / 255][Math.floor(x / 4)] ?? NaN));
});

Deno.test("a latent cell has the mean of its pixels", () => {
  assert.deepEqual(
    cellShares(byPixel((x, y) => x < 2 ? 1 : y < 4 && x >= 8 ? 0.5 : 0), SIZE, 8),
    Float32Array.of(0.25, 0.25),
  );
});

Deno.test("transparent pixels are seen on white, and another size is resized", () => {
  const data = Uint8Array.from([100, 0, 200, 255, 100, 0, 200, 0, 100, 0, 200, 51, 0, 0, 0, 255]);
  const picture = initPicture({ width: 2, height: 2, data }, { width: 2, height: 2 });
  assert.deepEqual([...picture.data], [100, 0, 200, 255, 255, 255, 224, 204, 244, 0, 0, 0]);
  const one = initPicture({ width: 2, height: 2, data }, { width: 1, height: 1 });
  assert.deepEqual([...one.data], [145, 115, 175], "the means of 579, 459 and 699 over four pixels");
});

Deno.test("pasting back keeps every bit of what was not to be painted, and stays between the two", () => {
  const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });
  const shares = fc.array(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(fc.property(bytes, bytes, shares, (painted, original, share) => {
    const image = (data: Uint8Array) => ({ width: 2, height: 2, data: new Uint8Array(data) });
    const { data } = pasteBack(image(painted), image(original), Float32Array.from(share));
    data.forEach((value, i) => {
      const [a = 0, b = 0] = [painted[i], original[i]], s = share[Math.floor(i / 3)] ?? 0;
      if (s === 0 || s === 1) assert.equal(value, s === 1 ? a : b);
      assert(Math.min(a, b) <= value && value <= Math.max(a, b));
    });
  }));
});

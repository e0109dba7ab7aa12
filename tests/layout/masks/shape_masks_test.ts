// deno-lint-ignore-file no-non-null-assertion
/** Ellipses, holes and painted masks against second algorithms. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../errors.ts";
import { ellipseMask } from "../../../layout/masks/ellipse.ts";
import type { GeometrySpec } from "../../../layout/layout.ts";
import { type Mask, writeRow } from "../../../layout/masks/mask.ts";
import { imageMask, type MaskImage } from "../../../layout/masks/mask_image.ts";
import { polygonMask } from "../../../layout/masks/rasterize.ts";
import { regionMasks } from "../../../layout/weights/weight_maps.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { resolveOrThrow } from "../random_layout.ts";

function pixels(mask: Mask, width: number, height: number): Float64Array {
  const all = new Float64Array(width * height);
  for (let y = 0; y < height; y++) writeRow(mask, y, all.subarray(y * width, (y + 1) * width));
  return all;
}

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

Deno.test("an ellipse's mask is the area of each pixel inside of it, as many fine chords add it up", () => {
  const scenes = fc.record({ cx: real(-4, 24), cy: real(-4, 24), rx: real(0.05, 15), ry: real(0.05, 15) });
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (ellipse, width, height) => {
      const { cx, cy, rx, ry } = ellipse;
      const expected = new Float64Array(width * height), fine = 400;
      for (let j = 0; j < height * fine; j++) {
        const reach = rx * Math.sqrt(Math.max(0, 1 - (((j + 0.5) / fine - cy) / ry) ** 2));
        for (let x = 0; x < width; x++) {
          const length = Math.max(0, Math.min(x + 1, cx + reach) - Math.max(x, cx - reach));
          expected[Math.floor(j / fine) * width + x]! += length / fine;
        }
      }
      const difference = maxDifference(pixels(ellipseMask(ellipse, width, height), width, height), expected);
      // What is left is the error of the chords where the ellipse is flat.
      assert(difference < 2e-3, `differs by ${difference}`);
    }),
    { numRuns: 60 },
  );
});

Deno.test("an ellipse's mask sums to pi rx ry, from a speck inside of a pixel to a thousand pixels", () => {
  for (const [rx, ry] of [[0.01, 0.2], [3, 0.3], [7.3, 11.9], [500.25, 499]] as const) {
    const size = Math.ceil(2 * Math.max(rx, ry)) + 3;
    const mask = ellipseMask({ cx: size / 2 + 0.123, cy: size / 2 - 0.4, rx, ry }, size, size);
    const area = sum(pixels(mask, size, size)), expected = Math.PI * rx * ry;
    assert(Math.abs(area / expected - 1) < 1e-9, `${area} instead of ${expected}`);
  }
});

Deno.test("pixels wholly inside of an ellipse are exactly 1, those outside exactly 0", () => {
  const size = 101, ellipse = { cx: 50.3, cy: 49.9, rx: 40.7, ry: 31.1 };
  const all = pixels(ellipseMask(ellipse, size, size), size, size);
  const inside = (x: number, y: number) =>
    ((x - ellipse.cx) / ellipse.rx) ** 2 + ((y - ellipse.cy) / ellipse.ry) ** 2 < 1;
  all.forEach((value, i) => {
    const x = i % size, y = Math.floor(i / size);
    const corners = [[x, y], [x + 1, y], [x, y + 1], [x + 1, y + 1]].filter(([a, b]) => inside(a!, b!)).length;
    if (corners === 4) assert.equal(value, 1);
    else if (corners > 0) assert(value > 0 && value < 1);
  });
  assert.equal(all[0], 0);
});

Deno.test("holes are cut out of a polygon, and filled again by a hole in them", () => {
  const square = (from: number, to: number) =>
    [[from, from], [to, from], [to, to], [from, to]].map(([x, y]) => ({ x: x!, y: y! }));
  const mask = polygonMask(square(1, 11), 12, 12, [square(3, 9), square(5, 7)]);
  const all = pixels(mask, 12, 12);
  assert.deepEqual([0, 2, 4, 6, 8, 10].map((x) => all[6 * 12 + x]), [0, 1, 0, 1, 0, 1]);
  assert.equal(sum(all), 100 - 36 + 4);
});

/** Random pixels; few different values, so that colours repeat. */
const image = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([width, height]) =>
  fc.array(fc.constantFrom(0, 127, 128, 255), { minLength: width * height * 4, maxLength: width * height * 4 })
    .map((data): MaskImage => ({ width, height, data: Uint8Array.from(data) }))
);

Deno.test("a painted mask is the mean over the part of the image that each pixel shows", () => {
  const side = fc.integer({ min: 1, max: 9 });
  const readings = fc.record({
    channel: fc.constantFrom("ALPHA", "LUMINANCE", "COLOUR"),
    colour: fc.constantFrom("#000000", "#ff00ff", "#8080ff"),
    inverted: fc.boolean(),
  });
  fc.assert(fc.property(image, side, side, readings, (image, width, height, reading) => {
    const mask = imageMask(image, reading, width, height);
    const expected = new Float64Array(width * height);
    // On a grid that both the image's and the canvas's pixels divide evenly.
    for (let j = 0; j < image.height * height; j++) {
      for (let i = 0; i < image.width * width; i++) {
        const at = 4 * (Math.floor(j / height) * image.width + Math.floor(i / width));
        const [red, green, blue, alpha] = [...image.data.subarray(at, at + 4)] as [number, number, number, number];
        const hex = `#${[red, green, blue].map((c) => c.toString(16).padStart(2, "0")).join("")}`;
        const value = reading.channel === "ALPHA"
          ? alpha / 255
          : reading.channel === "LUMINANCE"
          ? (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255 * alpha / 255
          : Number(hex === reading.colour && alpha >= 128);
        const share = (reading.inverted ? 1 - value : value) / (image.width * image.height);
        expected[Math.floor(j / image.height) * width + Math.floor(i / image.width)]! += share;
      }
    }
    const difference = maxDifference(pixels(mask, width, height), expected);
    assert(difference < 1e-9, `differs by ${difference}`);
  }));
});

Deno.test("a white image covers exactly, however it is stretched, and a black one nothing", () => {
  const white: MaskImage = { width: 7, height: 3, data: new Uint8Array(7 * 3 * 4).fill(255) };
  const reading = { channel: "LUMINANCE", colour: null, inverted: false } as const;
  for (const [width, height] of [[64, 64], [3, 7], [640, 1]] as const) {
    assert(pixels(imageMask(white, reading, width, height), width, height).every((v) => v === 1));
    const { bounds } = imageMask(white, { ...reading, inverted: true }, width, height);
    assert.deepEqual(bounds, { left: 0, top: 0, right: 0, bottom: 0 });
  }
});

Deno.test("a painted mask without its image is refused at its asset, unless its region is disabled", () => {
  const asset = "0".repeat(64), size = { width: 8, height: 8 };
  const geometry: GeometrySpec = {
    subtraction: {
      from: { rectangle: { x: 0, y: 0, width: 1, height: 1 } },
      subtract: [{ union: [{ mask: { asset } }] }],
    },
  };
  const layout = resolveOrThrow({ regions: [{ prompt: "a", geometry }] });
  assert.throws(() => regionMasks(layout, size), (error) => {
    assert(error instanceof InvalidInputError);
    assert.equal(error.code, "INVALID_GEOMETRY");
    assert.equal(
      error.message,
      `layout.regions[0].geometry.subtraction.subtract[0].union[0].mask.asset: must be an uploaded image, got "${asset}"`,
    );
    return true;
  });
  const image: MaskImage = { width: 1, height: 1, data: Uint8Array.of(255, 255, 255, 255) };
  assert.equal(sum(pixels(regionMasks(layout, size, { images: new Map([[asset, image]]) })[0]!, 8, 8)), 0);
  regionMasks(resolveOrThrow({ regions: [{ prompt: "a", geometry, enabled: false }] }), size);
});

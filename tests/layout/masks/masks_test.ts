// deno-lint-ignore-file no-non-null-assertion
/** Masks against second algorithms: brute force over pixels. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { boxKernel, feather, gaussianKernel } from "../../../layout/masks/feather.ts";
import { type Mask, writeRow } from "../../../layout/masks/mask.ts";
import { NearestRegions } from "../../../layout/weights/nearest.ts";
import { polygonMask, rectangleMask } from "../../../layout/masks/rasterize.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";

const side = fc.integer({ min: 1, max: 24 });
const runs = { numRuns: 80 };

function pixels(mask: Mask, width: number, height: number): Float64Array {
  const all = new Float64Array(width * height);
  for (let y = 0; y < height; y++) writeRow(mask, y, all.subarray(y * width, (y + 1) * width));
  return all;
}

/** A random rectangle or polygon in an image, some of it outside. */
const scene = fc.tuple(
  side,
  side,
  fc.array(fc.tuple(fc.double({ min: -0.2, max: 1.2, noNaN: true }), fc.double({ min: -0.2, max: 1.2, noNaN: true })), {
    minLength: 2,
    maxLength: 6,
  }),
)
  .map(([width, height, fractions]) => {
    const points = fractions.map(([x, y]) => ({ x: x * width, y: y * height }));
    const [a, b] = [points[0]!, points[1]!];
    const edges = {
      left: Math.min(a.x, b.x),
      right: Math.max(a.x, b.x),
      top: Math.min(a.y, b.y),
      bottom: Math.max(a.y, b.y),
    };
    const mask = points.length === 2 ? rectangleMask(edges, width, height) : polygonMask(points, width, height);
    return { width, height, points, mask };
  });

Deno.test("a polygon's mask is what testing every sample against every edge gives", () => {
  fc.assert(
    fc.property(scene, ({ width, height, points, mask }) => {
      if (points.length < 3) return;
      const expected = new Float64Array(width * height);
      for (let j = 0; j < height * 4; j++) {
        for (let i = 0; i < width * 4; i++) {
          const x = (i + 0.5) / 4, y = (j + 0.5) / 4;
          const crossed = points.filter((a, k) => {
            const b = points[(k + 1) % points.length]!;
            if (y < Math.min(a.y, b.y) || y >= Math.max(a.y, b.y)) return false;
            return a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y) > x;
          });
          if (crossed.length % 2 === 1) expected[Math.floor(j / 4) * width + Math.floor(i / 4)]! += 1 / 16;
        }
      }
      assert.deepEqual(pixels(mask, width, height), expected);
    }),
    runs,
  );
});

Deno.test("a rectangle's mask sums to the area that lies in the image", () => {
  const mask = rectangleMask({ left: -3.5, top: 1.25, right: 2.75, bottom: 9 }, 10, 8);
  assert.equal(pixels(mask, 10, 8).reduce((a, b) => a + b, 0), 2.75 * 6.75);
});

Deno.test("feathering is the convolution along both axes with edge pixels repeated", () => {
  const kernels = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map(boxKernel),
    fc.double({ min: 0.05, max: 6, noNaN: true }).map(gaussianKernel),
  );
  fc.assert(
    fc.property(scene, kernels, ({ width, height, mask }, kernel) => {
      const source = pixels(mask, width, height), radius = (kernel.length - 1) / 2;
      const expected = new Float64Array(width * height);
      const clamp = (v: number, size: number) => Math.min(size - 1, Math.max(0, v));
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let j = -radius; j <= radius; j++) {
            for (let i = -radius; i <= radius; i++) {
              const value = source[clamp(y + j, height) * width + clamp(x + i, width)]!;
              expected[y * width + x]! += kernel[i + radius]! * kernel[j + radius]! * value;
            }
          }
        }
      }
      const difference = maxDifference(pixels(feather(mask, kernel, width, height), width, height), expected);
      assert(difference < 1e-9, `differs by ${difference}`);
    }),
    runs,
  );
});

Deno.test("the nearest region is what measuring the distance to every solid pixel gives", () => {
  const scenes = fc.tuple(
    side,
    side,
    fc.array(
      fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0.3, 0.7, 1), {
        minLength: 24 * 24,
        maxLength: 24 * 24,
      }),
      { minLength: 1, maxLength: 3 },
    ),
  );
  fc.assert(
    fc.property(scenes, ([width, height, values]) => {
      const masks = values.map((all): Mask => ({
        kind: "PIXELS",
        // Sparse: most columns have nothing solid.
        data: Float64Array.from(all.slice(0, width * height), (v, i) => i % 7 === 0 ? v : 0),
        bounds: { left: 0, top: 0, right: width, bottom: height },
      }));
      const nearest = new NearestRegions(masks, width, height);
      for (let y = 0; y < height; y++) {
        const owners = nearest.row(y);
        for (let x = 0; x < width; x++) {
          const distances = masks.map((mask) => distance(pixels(mask, width, height), x, y, width));
          const best = Math.min(...distances);
          assert.equal(owners[x], best === Infinity ? -1 : distances.indexOf(best), `pixel (${x}, ${y})`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

/** Squared distance to the nearest pixel that is at least 0.5, or at its maximum below that. */
function distance(mask: Float64Array, x: number, y: number, width: number): number {
  const highest = Math.max(...mask);
  if (highest === 0) return Infinity;
  let best = Infinity;
  mask.forEach((value, i) => {
    if (value >= Math.min(0.5, highest)) best = Math.min(best, (i % width - x) ** 2 + (Math.floor(i / width) - y) ** 2);
  });
  return best;
}

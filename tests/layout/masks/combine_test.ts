// deno-lint-ignore-file no-non-null-assertion
/** Unions, subtractions and the rest: what holds for sets holds for shapes. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { subtractionMask, unionMask } from "../../../layout/masks/combine.ts";
import type { GeometrySpec } from "../../../layout/layout.ts";
import { type Mask, writeRow } from "../../../layout/masks/mask.ts";
import { blendLayout, compileWeightMaps, regionMasks } from "../../../layout/weights/weight_maps.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { IMAGES, randomSpec, resolveOrThrow, shape } from "../random_layout.ts";

const WIDTH = 48, HEIGHT = 32;
const size = { width: WIDTH, height: HEIGHT };
const grid = { direction: "COLUMNS", ratios: "1,1,1,1,1,1,1" } as const;

function pixels(mask: Mask, width = WIDTH, height = HEIGHT): Float64Array {
  const all = new Float64Array(width * height);
  for (let y = 0; y < height; y++) writeRow(mask, y, all.subarray(y * width, (y + 1) * width));
  return all;
}

function maskOf(geometry: GeometrySpec): Mask {
  return regionMasks(resolveOrThrow({ grid, regions: [{ prompt: "", geometry }] }), size, { images: IMAGES })[0]!;
}

function same(a: Mask, b: Mask): void {
  assert.equal(maxDifference(pixels(a), pixels(b)), 0);
}

const minus = (from: Mask, ...subtract: Mask[]) => subtractionMask(from, subtract);
const union = (...masks: Mask[]) => unionMask(masks);
const runs = { numRuns: 100 };
const anyMask = shape.map(maskOf);

/** Shapes whose pixels are 0 or 1: on these, masks are sets. */
const sharpMask = anyMask.map((mask): Mask => ({
  kind: "PIXELS",
  data: pixels(mask).map((v) => v >= 0.5 ? 1 : 0),
  bounds: { left: 0, top: 0, right: WIDTH, bottom: HEIGHT },
}));

Deno.test("a union is the highest coverage of its parts, whatever their order and however they are grouped", () => {
  fc.assert(
    fc.property(anyMask, anyMask, anyMask, (a, b, c) => {
      const [pa, pb, pc] = [pixels(a), pixels(b), pixels(c)];
      assert.deepEqual(pixels(union(a, b, c)), pa.map((v, i) => Math.max(v, pb[i]!, pc[i]!)));
      same(union(a, b, c), union(c, union(b, a)));
      same(union(a, a), a);
    }),
    runs,
  );
});

Deno.test("a shape, and what is left of another around it, make up their union without seam or overlap", () => {
  fc.assert(
    fc.property(anyMask, anyMask, (a, b) => {
      const left = pixels(minus(a, b)), cut = pixels(b);
      const difference = maxDifference(left.map((v, i) => v + cut[i]!), pixels(union(a, b)));
      assert(difference < 1e-12, `differs by ${difference}`);
    }),
    runs,
  );
});

Deno.test("a shape less itself is empty, and less what it does not touch is itself", () => {
  fc.assert(
    fc.property(anyMask, anyMask, (a, b) => {
      assert.equal(pixels(minus(a, a)).some((v) => v > 0), false);
      const [whole, cut, left] = [pixels(a), pixels(b), pixels(minus(a, b))];
      if (whole.every((v, i) => v === 0 || cut[i] === 0)) same(minus(a, b), a);
      assert(left.every((v, i) => v >= 0 && v <= whole[i]!));
    }),
    runs,
  );
});

Deno.test("on sharp masks, union and subtraction obey the laws of sets", () => {
  fc.assert(
    fc.property(sharpMask, sharpMask, sharpMask, (a, b, c) => {
      same(minus(a, b, c), minus(minus(a, b), c));
      same(minus(a, b, c), minus(a, union(b, c)));
      same(minus(union(a, b), c), union(minus(a, c), minus(b, c)));
      same(minus(a, minus(a, b)), minus(b, minus(b, a)));
      same(union(minus(a, b), minus(b, a), minus(a, minus(a, b))), union(a, b));
    }),
    runs,
  );
});

Deno.test("a layout's unions and subtractions are those of its shapes' masks", () => {
  fc.assert(
    fc.property(shape, shape, shape, (a, b, c) => {
      same(maskOf({ union: [a, b, c] }), union(maskOf(a), maskOf(b), maskOf(c)));
      same(maskOf({ subtraction: { from: a, subtract: [b, c] } }), minus(maskOf(a), union(maskOf(b), maskOf(c))));
    }),
    { numRuns: 40 },
  );
});

Deno.test("the rest and the other active regions cover the canvas exactly, under every rule and window", () => {
  const specs = randomSpec.map((spec) => ({
    ...spec,
    regions: [
      { prompt: "sky", geometry: { rest: true } },
      ...spec.regions!.filter(({ geometry }) => geometry?.rest !== true).map((r) => ({ ...r, baseRatio: 0 })),
    ],
  }));
  fc.assert(
    fc.property(specs, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (spec, open) => {
      const layout = resolveOrThrow(spec);
      const active = layout.regions.map(({ enabled }, i) => i === 0 || enabled && open[i - 1] === true);
      const masks = regionMasks(layout, size, { active, images: IMAGES });
      const others = new Float64Array(WIDTH * HEIGHT);
      for (const mask of masks.slice(1)) pixels(mask).forEach((v, i) => others[i]! += v);
      const difference = maxDifference(pixels(masks[0]!), others.map((v) => Math.max(0, 1 - v)));
      assert(difference < 1e-11, `differs by ${difference}`);
      const { maps, uncovered } = blendLayout(layout, masks, { ...size, factor: 8 }, "BASE");
      assert.equal(uncovered, 0);
      assert(maps.data.subarray(0, maps.width * maps.height).every((v) => v === 0), "the base paints nothing");
    }),
    { numRuns: 60 },
  );
});

Deno.test("the rest takes the place of a region whose window is closed, and gives it back", () => {
  const layout = resolveOrThrow({
    regions: [
      { prompt: "fox", end: 0.5, geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } },
      { prompt: "owl", enabled: false, geometry: { rectangle: { x: 0.75, y: 0, width: 0.25, height: 1 } } },
      { prompt: "sky", geometry: { rest: true } },
    ],
  });
  const rest = (active: boolean[]) => {
    const maps = compileWeightMaps(layout, { width: 32, height: 8, factor: 8 }, { active });
    return [...maps.data.subarray(12)];
  };
  assert.deepEqual(rest([true, false, true]), [0, 0, 1, 1]);
  assert.deepEqual(rest([false, false, true]), [1, 1, 1, 1]);
  assert.deepEqual(rest([true, false, false]), [0, 0, 0, 0]);
});

/** Random layouts for properties: every kind of geometry, nested. */

import fc from "fast-check";
import type { GeometrySpec, GridSpec, Layout, LayoutSpec, Point, RegionSpec } from "../../layout/layout.ts";
import type { MaskImage, MaskImages } from "../../layout/masks/mask_image.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });
/** Fractions off every pixel's and every sample's edge, where mirroring swaps open and closed sides. */
const generic = fc.integer({ min: 1, max: 996 }).map((n) => n / 997);

const rectangle = fc.tuple(generic, generic, generic, generic).filter(([a, b, c, d]) => a !== b && c !== d).map(
  ([a, b, c, d]): GeometrySpec => ({
    rectangle: { x: Math.min(a, b), y: Math.min(c, d), width: Math.abs(a - b), height: Math.abs(c - d) },
  }),
);

const ellipse = fc.tuple(generic, generic, generic, generic).map(([cx, cy, a, b]): GeometrySpec => ({
  ellipse: { cx, cy, rx: a * Math.min(cx, 1 - cx), ry: b * Math.min(cy, 1 - cy) },
}));

/**
 * Corners so irregular that no edge between two of them runs through a sample of a pixel, as that from (1, 2) / 997 to
 * (70, 140) / 997 does: mirrored, such a sample lies on the edge's other, open or closed, side.
 */
const corner = fc.record({ x: irregular(Math.SQRT2), y: irregular(Math.sqrt(3)) });

/** Fractions of which each is moved by less than 1 / 997, by another amount for every factor. */
function irregular(factor: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 995 }).map((n) => (n + n * factor % 1) / 997);
}

const ring = fc.array(corner, { minLength: 3, maxLength: 7 }).filter(hasArea);
const polygon = fc.record({ points: ring, holes: fc.array(ring, { maxLength: 2 }) })
  .map((polygon): GeometrySpec => ({ polygon }));

/** Seven cells, four of them in grids that are nested. */
const GRID: GridSpec = {
  direction: "COLUMNS",
  ratios: "3,1.7;2,1,1.3,0.9",
  nested: [{
    cell: 1,
    grid: {
      direction: "ROWS",
      ratios: "1,2.2",
      nested: [{ cell: 0, grid: { direction: "COLUMNS", ratios: "1,1,3" } }],
    },
  }],
};
const cell = fc.integer({ min: 0, max: 6 }).map((cell): GeometrySpec => ({ cell }));

/** The painted masks of {@link randomSpec}: a soft disc with alpha, and stripes of three colours. */
export const IMAGES: MaskImages = new Map<string, MaskImage>([
  [
    "a".repeat(64),
    paint(13, 9, (x, y) => [255, 20 * y, 19 * x, Math.max(0, 255 - 40 * Math.hypot(x - 5, y - 4))]),
  ],
  ["b".repeat(64), paint(30, 4, (x) => [[255, 0, 0, 255], [0, 128, 0, 255], [0, 0, 255, 255]][x % 3] ?? [])],
]);

function paint(width: number, height: number, colour: (x: number, y: number) => readonly number[]): MaskImage {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set(colour(i % width, Math.floor(i / width)), i * 4);
  return { width, height, data };
}

const mask = fc.tuple(
  fc.constantFrom(...IMAGES.keys()),
  fc.constantFrom(
    { channel: "ALPHA" } as const,
    { channel: "LUMINANCE" } as const,
    { colour: "#FF0000" } as const,
    {
      colour: "#008000",
      tolerance: 0.01,
    } as const,
  ),
  fc.boolean(),
).map(([asset, reading, inverted]): GeometrySpec => ({ mask: { asset, ...reading, inverted } }));

/** Any shape, unions and subtractions up to three deep. */
export const { shape } = fc.letrec<{ shape: GeometrySpec; simple: GeometrySpec }>((tie) => ({
  simple: fc.oneof(rectangle, ellipse, polygon, cell, mask),
  shape: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 5, arbitrary: tie("simple") },
    { weight: 1, arbitrary: fc.array(tie("shape"), { minLength: 1, maxLength: 3 }).map((union) => ({ union })) },
    {
      weight: 1,
      arbitrary: fc.record({ from: tie("shape"), subtract: fc.array(tie("shape"), { minLength: 1, maxLength: 2 }) })
        .map((subtraction) => ({ subtraction })),
    },
  ),
}));

const region: fc.Arbitrary<RegionSpec> = fc.record({
  prompt: fc.constant("a fox"),
  geometry: shape,
  weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
  baseRatio: fc.oneof(fc.constant(0), unit),
  feather: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true })),
  z: fc.integer({ min: -2, max: 2 }),
  enabled: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

/** Specs that resolve, of up to six regions; polygons may cross themselves. Painted masks are of {@link IMAGES}. */
export const randomSpec: fc.Arbitrary<LayoutSpec> = fc.record({
  overlap: fc.constantFrom("NORMALIZE", "Z_ORDER"),
  holes: fc.constantFrom("BASE", "NEAREST"),
  grid: fc.constant(GRID),
  regions: fc.tuple(fc.array(region, { maxLength: 5 }), fc.option(fc.tuple(region, fc.nat(5)))).map(([regions, rest]) =>
    rest === null ? regions : regions.toSpliced(rest[1], 0, { ...rest[0], feather: 0, geometry: { rest: true } })
  ),
});

/** The layout of a spec that has no problems. */
export function resolveOrThrow(spec: LayoutSpec): Layout {
  const result = resolveLayout(spec, { maxRegions: 64 });
  if ("problems" in result) throw new Error(result.problems.map((p) => p.message).join("\n"));
  return result.layout;
}

/** Points that are not all on one line, as `resolveLayout` judges it. */
function hasArea(points: readonly Point[]): boolean {
  const geometry = { polygon: { points } };
  return "layout" in resolveLayout({ regions: [{ prompt: "", geometry }] }, { maxRegions: 1 });
}

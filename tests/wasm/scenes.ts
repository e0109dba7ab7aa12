/** Random layouts of every shape that the kernels draw, and images for their painted masks. */

import fc from "fast-check";
import type { GeometrySpec, LayoutSpec, RegionSpec } from "../../layout/layout.ts";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

const place = fc.integer({ min: 1, max: 996 }).map((n) => n / 997);
const point = fc.record({ x: place, y: place });
const ASSET = "5".repeat(64);

/** A soft ring: painted, with every grey between. */
export const IMAGES: MaskImages = new Map([[ASSET, {
  width: 31,
  height: 17,
  data: Uint8Array.from({ length: 31 * 17 * 4 }, (_, i) => {
    const x = Math.floor(i / 4) % 31 - 15, y = (Math.floor(i / 124) - 8) * 1.6;
    return i % 4 === 3 ? 255 : Math.max(0, 255 - 40 * Math.abs(Math.hypot(x, y) - 8));
  }),
}]]);

const rectangle = fc.tuple(place, place, place, place).filter(([a, b, c, d]) => a !== b && c !== d)
  .map(([a, b, c, d]): GeometrySpec => ({
    rectangle: { x: Math.min(a, b), y: Math.min(c, d), width: Math.abs(a - b), height: Math.abs(c - d) },
  }));

const shape: fc.Arbitrary<GeometrySpec> = fc.oneof(
  rectangle,
  fc.record({
    points: fc.array(point, { minLength: 3, maxLength: 9 }),
    holes: fc.array(fc.array(point, { minLength: 3, maxLength: 4 }), { maxLength: 1 }),
  }).map((polygon) => ({ polygon })),
  fc.tuple(place, place, place, place).map(([cx, cy, a, b]): GeometrySpec => ({
    ellipse: { cx, cy, rx: a * Math.min(cx, 1 - cx), ry: b * Math.min(cy, 1 - cy) },
  })),
  fc.boolean().map((inverted) => ({ mask: { asset: ASSET, inverted } })),
  fc.tuple(rectangle, rectangle).map(([from, other]) => ({ subtraction: { from, subtract: [other] } })),
);

/** What scenes vary in. */
export interface SceneOptions {
  readonly regions: { readonly minLength?: number; readonly maxLength: number };
  /** Fractions of the short edge. */
  readonly feather: fc.Arbitrary<number>;
  /** Whether a region may be the rest; false by default. */
  readonly rest?: boolean;
}

/** Specs that resolve. Weights are within a factor of 8: more of it would magnify the masks' rounding. */
export function scenes({ regions, feather, rest = false }: SceneOptions): fc.Arbitrary<LayoutSpec> {
  const region: fc.Arbitrary<RegionSpec> = fc.record({
    prompt: fc.constant("a fox"),
    geometry: shape,
    weight: fc.double({ min: 0.5, max: 4, noNaN: true }),
    baseRatio: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    feather,
    z: fc.integer({ min: -2, max: 2 }),
    enabled: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  });
  const last = fc.constant<RegionSpec>({ prompt: "the rest", geometry: { rest: true } });
  const all = fc.tuple(fc.array(region, regions), rest ? fc.option(last) : fc.constant(null))
    .map(([some, more]) => more === null ? some : [...some, more]);
  return fc.record({
    overlap: fc.constantFrom("NORMALIZE" as const, "Z_ORDER" as const),
    holes: fc.constant("BASE" as const),
    regions: all,
  }).filter((spec) => "layout" in resolveLayout(spec, { maxRegions: 1000 }));
}

/** How near the kernels are to their twins, for the weights of a layout's regions; see `composeMaps`. */
export function kernelTolerance(weights: readonly number[]): number {
  const ratio = weights.length === 0 ? 1 : Math.max(...weights) / Math.min(...weights);
  return Math.max(1e-5, 2e-6 * ratio);
}

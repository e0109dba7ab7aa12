/** Random layouts for properties. */

import fc from "fast-check";
import type { GeometrySpec, Layout, LayoutSpec, RegionSpec } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });
/** Fractions off every pixel's and every sample's edge, where mirroring swaps open and closed sides. */
const generic = fc.integer({ min: 1, max: 996 }).map((n) => n / 997);

const rectangle = fc.tuple(generic, generic, generic, generic).filter(([a, b, c, d]) => a !== b && c !== d).map(
  ([a, b, c, d]): GeometrySpec => ({
    rectangle: { x: Math.min(a, b), y: Math.min(c, d), width: Math.abs(a - b), height: Math.abs(c - d) },
  }),
);

const polygon = fc.array(fc.record({ x: generic, y: generic }), { minLength: 3, maxLength: 7 })
  .map((points): GeometrySpec => ({ polygon: { points } }));

const region: fc.Arbitrary<RegionSpec> = fc.record({
  prompt: fc.constant("a fox"),
  geometry: fc.oneof(rectangle, polygon),
  weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
  baseRatio: fc.oneof(fc.constant(0), unit),
  feather: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true })),
  z: fc.integer({ min: -2, max: 2 }),
});

/** Specs that resolve, of up to five regions; polygons may cross themselves. */
export const randomSpec: fc.Arbitrary<LayoutSpec> = fc.record({
  overlap: fc.constantFrom("NORMALIZE", "Z_ORDER"),
  holes: fc.constantFrom("BASE", "NEAREST"),
  regions: fc.array(region, { maxLength: 5 }),
}).filter((spec) => "layout" in resolveLayout(spec as LayoutSpec, { maxRegions: 5 })) as fc.Arbitrary<LayoutSpec>;

/** The layout of a spec that has no problems. */
export function resolveOrThrow(spec: LayoutSpec): Layout {
  const result = resolveLayout(spec, { maxRegions: 64 });
  if ("problems" in result) throw new Error(result.problems.map((p) => p.message).join("\n"));
  return result.layout;
}

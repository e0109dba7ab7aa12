/** Random layouts that use every field and every kind of geometry. */

import fc from "fast-check";
import type { GeometrySpec, GridSpec, LayoutSpec, RegionSpec } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const flag = fc.boolean();
const text = fc.string({ maxLength: 12 });
/** Corners around a middle: never on one line. */
const ring = fc.array(fc.integer({ min: 100, max: 500 }), { minLength: 3, maxLength: 6 }).map((radii) =>
  radii.map((radius, i) => {
    const angle = 2 * Math.PI * i / radii.length;
    return { x: 0.5 + radius / 1000 * Math.cos(angle), y: 0.5 + radius / 1000 * Math.sin(angle) };
  })
);
const digits = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, "0")}`);

/** A start and a length inside of [0, 1]. */
const span = fc.tuple(number(0, 0.9), number(0.05, 1)).map(([from, share]) => [from, (1 - from) * share] as const);

const leaf: fc.Arbitrary<GeometrySpec> = fc.oneof(
  fc.tuple(span, span).map(([[x, width], [y, height]]) => ({ rectangle: { x, y, width, height } })),
  fc.tuple(span, span).map(([[x, width], [y, height]]) => ({
    ellipse: { cx: x + width / 2, cy: y + height / 2, rx: width / 2, ry: height / 2 },
  })),
  fc.record({ points: ring, holes: fc.array(ring, { maxLength: 2 }) }).map((polygon) => ({ polygon })),
  fc.tuple(digits, fc.constantFrom("ALPHA", "LUMINANCE", "COLOUR"), colour, number(0, 0.5), flag).map((
    [asset, channel, colour, tolerance, inverted],
  ) => ({
    mask: { asset, channel, inverted, ...(channel === "COLOUR" ? { colour, tolerance } : {}) },
  } as GeometrySpec)),
  fc.constantFrom({ cell: 0 }, { cell: 1 }, { cell: 2 }),
);

const { shape } = fc.letrec<{ shape: GeometrySpec; union: GeometrySpec; subtraction: GeometrySpec }>((tie) => ({
  shape: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("union"), tie("subtraction")),
  union: fc.array(tie("shape"), { minLength: 1, maxLength: 3 }).map((union) => ({ union })),
  subtraction: fc.tuple(tie("shape"), fc.array(tie("shape"), { minLength: 1, maxLength: 2 })).map((
    [from, subtract],
  ) => ({ subtraction: { from, subtract } })),
}));

const region: fc.Arbitrary<RegionSpec> = fc.record({
  name: text.map((rest) => `region${rest}`),
  geometry: fc.oneof({ weight: 9, arbitrary: shape }, { weight: 1, arbitrary: fc.constant({ rest: true }) }),
  prompt: text,
  style: text,
  negativePrompt: fc.option(text),
  loras: fc.option(
    fc.array(fc.record({ name: text, weight: fc.double({ min: -10, max: 10, noNaN: true }) }), { maxLength: 3 }),
  ),
  weight: number(1e-6, 1e6),
  baseRatio: number(0, 1),
  feather: number(0, 0.5),
  z: number(-10, 10),
  start: number(0, 0.4),
  end: number(0.5, 1),
  guidanceScale: fc.option(number(0, 100)),
  seed: fc.option(fc.integer({ min: 0, max: 0xffffffff })),
  enabled: flag,
}, { requiredKeys: ["prompt", "geometry"] })
  .map((spec) => spec.geometry?.rest === true ? { ...spec, feather: 0 } : spec);

const direction = fc.constantFrom("COLUMNS" as const, "ROWS" as const);
const nested: fc.Arbitrary<GridSpec> = fc.record({ direction, ratios: fc.constantFrom("1,1", "1,2,1", "1,1,2;1,3") });
const grid: fc.Arbitrary<GridSpec> = fc.record({
  direction,
  ratios: fc.constantFrom("1,2,1", "2,1,1"),
  nested: fc.array(fc.record({ cell: fc.integer({ min: 0, max: 1 }), grid: nested }), { maxLength: 1 }),
}, { requiredKeys: ["direction", "ratios"] });

/** Specs that resolve. */
export const randomCompleteSpec: fc.Arbitrary<LayoutSpec> = (fc.record({
  aspect: fc.option(number(1 / 32, 32)),
  promptSyntax: fc.constantFrom("WEIGHTED", "PLAIN"),
  emphasis: fc.constantFrom("NO_NORM", "A1111", "COMFY", "COMPEL"),
  commonPrompt: text,
  commonNegativePrompt: text,
  commonPlacement: fc.constantFrom("PREFIX", "SUFFIX"),
  basePrompt: text,
  negativePrompt: text,
  overlap: fc.constantFrom("NORMALIZE", "Z_ORDER"),
  holes: fc.constantFrom("BASE", "NEAREST", "ERROR"),
  grid,
  regions: fc.uniqueArray(region, { maxLength: 4, selector: ({ name }) => name ?? {} }),
}, { requiredKeys: ["grid"] }) as fc.Arbitrary<LayoutSpec>)
  .filter((spec) => "layout" in resolveLayout(spec, { maxRegions: 4 }));

/** Unions: a pixel is covered as much as by the shape that covers it most. */

import { unionMask } from "../masks/combine.ts";
import { element } from "../svg/markup.ts";
import type { AnyGeometry, ShapeKind } from "./kind.ts";
import { defineOutside, partMasks, readShapes } from "./parts.ts";

/** All that any of several shapes covers. */
export interface UnionShape<Shape = AnyGeometry> {
  readonly kind: "UNION";
  readonly of: readonly Shape[];
}

/** Unions of more shapes keep the lines inside of them: hiding those takes a mask per shape, of all the others. */
const CLEANED = 12;

export const UNION: ShapeKind<UnionShape> = {
  kind: "UNION",
  field: "union",
  input: {
    description: "All that any of these shapes covers.",
    type: ["Geometry"],
    keywords: { minItems: 1 },
  },
  output: {
    name: "UnionGeometry",
    description: "All that any of several shapes covers.",
    fields: { of: { type: ["Geometry"], description: "The shapes." } },
  },

  resolve(spec, path, reading) {
    const of = readShapes(spec, path, reading);
    return of === undefined ? undefined : { kind: "UNION", of };
  },

  spec: ({ of }, specOf) => of.map(specOf),
  parts: ({ of }) => of.map((shape, i) => ({ shape, path: [i], cut: false })),
  mask: ({ of }, _canvas, path, part) => unionMask(partMasks(of, path, part)),
  fill: ({ of }, _canvas, reach, parts) => element("g", {}, ...of.map((shape) => parts.fill(shape, reach))),

  edges({ of }, canvas, parts) {
    if (of.length > CLEANED) return element("g", {}, ...of.map((shape) => parts.edges(shape)));
    const lines = of.map((shape, i) =>
      element("g", { mask: defineOutside(of.toSpliced(i, 1), canvas, 0, parts) }, parts.edges(shape))
    );
    return element("g", {}, ...lines);
  },
};

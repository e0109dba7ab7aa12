/** Subtractions: a shape, less others. */

import { subtractionMask } from "../masks/combine.ts";
import { element } from "../svg/markup.ts";
import type { AnyGeometry, ShapeKind } from "./kind.ts";
import { defineOutside, partMasks, readShapes } from "./parts.ts";

/** What `from` covers, less what any of `subtract` covers. */
export interface SubtractionShape<Shape = AnyGeometry> {
  readonly kind: "SUBTRACTION";
  readonly from: Shape;
  readonly subtract: readonly Shape[];
}

export const SUBTRACTION: ShapeKind<SubtractionShape> = {
  kind: "SUBTRACTION",
  field: "subtraction",
  input: {
    description: "A shape, less others.",
    type: {
      name: "SubtractionInput",
      description: "A shape, less others.",
      fields: {
        from: { type: "Geometry", description: "What is cut." },
        subtract: {
          type: ["Geometry"],
          description: "What is cut out of it; at least one.",
          keywords: { minItems: 1 },
        },
      },
    },
  },
  output: {
    name: "SubtractionGeometry",
    description: "A shape, less others.",
    fields: {
      from: { type: "Geometry", description: "What is cut." },
      subtract: { type: ["Geometry"], description: "What is cut out of it." },
    },
  },

  resolve(spec, path, reading) {
    const fields = reading.problems.fields(spec, path);
    if (fields === undefined) return undefined;
    const from = reading.shape(fields["from"], [...path, "from"]);
    const subtract = readShapes(fields["subtract"], [...path, "subtract"], reading);
    return from === undefined || subtract === undefined ? undefined : { kind: "SUBTRACTION", from, subtract };
  },

  spec: ({ from, subtract }, specOf) => ({ from: specOf(from), subtract: subtract.map(specOf) }),

  parts: ({ from, subtract }) => [
    { shape: from, path: ["from"], cut: false },
    ...subtract.map((shape, i) => ({ shape, path: ["subtract", i], cut: true })),
  ],

  mask({ from, subtract }, _canvas, path, part) {
    const whole = part(from, [...path, "from"]);
    return subtractionMask(whole, partMasks(subtract, [...path, "subtract"], part));
  },

  fill: ({ from, subtract }, canvas, reach, parts) =>
    element("g", { mask: defineOutside(subtract, canvas, reach, parts) }, parts.fill(from, reach)),

  edges: ({ from, subtract }, _canvas, parts) =>
    element("g", {}, ...[from, ...subtract].map((shape) => parts.edges(shape))),
};

/** Rectangles. */

import type { Rectangle } from "../fractions.ts";
import { keywordsOf } from "../limits.ts";
import { boxFill, boxMask, type Edges } from "./box.ts";
import { COORDINATE, coordinate, endsInside, LENGTH } from "./coordinates.ts";
import type { ShapeKind } from "./kind.ts";

/** A rectangle inside of the canvas, of positive area. */
export interface RectangleShape extends Rectangle {
  readonly kind: "RECTANGLE";
}

const LEFT = { type: "Float", description: "Left edge, 0 (left) to 1 (right)." } as const;
const TOP = { type: "Float", description: "Top edge, 0 (top) to 1 (bottom)." } as const;

export const RECTANGLE: ShapeKind<RectangleShape, Rectangle> = {
  kind: "RECTANGLE",
  field: "rectangle",
  input: {
    description: "A rectangle.",
    type: {
      name: "RectangleInput",
      description: "A rectangle in fractions of the canvas, inside it, with positive area.",
      fields: {
        x: { ...LEFT, keywords: keywordsOf(COORDINATE) },
        y: { ...TOP, keywords: keywordsOf(COORDINATE) },
        width: {
          type: "Float",
          description: "Width, greater than 0; x + width is at most 1.",
          keywords: keywordsOf(LENGTH),
        },
        height: {
          type: "Float",
          description: "Height, greater than 0; y + height is at most 1.",
          keywords: keywordsOf(LENGTH),
        },
      },
    },
  },
  output: {
    name: "RectangleGeometry",
    description: "A rectangle in fractions of the canvas.",
    fields: {
      x: LEFT,
      y: TOP,
      width: { type: "Float", description: "Width, greater than 0." },
      height: { type: "Float", description: "Height, greater than 0." },
    },
  },

  resolve(spec, path, { problems }) {
    const before = problems.found.length;
    const fields = problems.fields(spec, path);
    if (fields === undefined) return undefined;
    const x = coordinate(fields["x"], [...path, "x"], problems);
    const y = coordinate(fields["y"], [...path, "y"], problems);
    const width = problems.number(fields["width"], [...path, "width"], LENGTH);
    const height = problems.number(fields["height"], [...path, "height"], LENGTH);
    endsInside("x + width", x + width, width, [...path, "width"], problems);
    endsInside("y + height", y + height, height, [...path, "height"], problems);
    return problems.found.length > before ? undefined : { kind: "RECTANGLE", x, y, width, height };
  },

  spec: ({ x, y, width, height }) => ({ x, y, width, height }),
  mask: (shape, canvas) => boxMask(edgesOf(shape), canvas),
  fill: (shape, canvas, reach) => boxFill(edgesOf(shape), canvas, reach),
};

function edgesOf({ x, y, width, height }: Rectangle): Edges {
  return { x, y, right: x + width, bottom: y + height };
}

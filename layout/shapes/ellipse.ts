/** Ellipses. */

import type { PixelEllipse } from "../../wasm/shapes.ts";
import { keywordsOf } from "../limits.ts";
import { ellipseMask } from "../masks/ellipse.ts";
import { element } from "../svg/markup.ts";
import { COORDINATE, coordinate, endsInside, LENGTH, startsInside } from "./coordinates.ts";
import type { ShapeKind } from "./kind.ts";

/** An ellipse in fractions of the canvas: centre, and radii along x (of the width) and y (of the height). */
export interface Ellipse {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
}

/** An ellipse inside of the canvas, of positive radii. */
export interface EllipseShape extends Ellipse {
  readonly kind: "ELLIPSE";
}

const CENTRE_X = { type: "Float", description: "Centre, 0 (left) to 1 (right)." } as const;
const CENTRE_Y = { type: "Float", description: "Centre, 0 (top) to 1 (bottom)." } as const;

export const ELLIPSE: ShapeKind<EllipseShape, Ellipse> = {
  kind: "ELLIPSE",
  field: "ellipse",
  input: {
    description: "An ellipse.",
    type: {
      name: "EllipseInput",
      description: "An ellipse in fractions of the canvas, inside it.",
      fields: {
        cx: { ...CENTRE_X, keywords: keywordsOf(COORDINATE) },
        cy: { ...CENTRE_Y, keywords: keywordsOf(COORDINATE) },
        rx: {
          type: "Float",
          description: "Horizontal radius as a fraction of the width, greater than 0.",
          keywords: keywordsOf(LENGTH),
        },
        ry: {
          type: "Float",
          description: "Vertical radius as a fraction of the height, greater than 0.",
          keywords: keywordsOf(LENGTH),
        },
      },
    },
  },
  output: {
    name: "EllipseGeometry",
    description: "An ellipse in fractions of the canvas.",
    fields: {
      cx: CENTRE_X,
      cy: CENTRE_Y,
      rx: { type: "Float", description: "Horizontal radius as a fraction of the width." },
      ry: { type: "Float", description: "Vertical radius as a fraction of the height." },
    },
  },

  resolve(spec, path, { problems }) {
    const before = problems.found.length;
    const fields = problems.fields(spec, path);
    if (fields === undefined) return undefined;
    const cx = coordinate(fields["cx"], [...path, "cx"], problems);
    const cy = coordinate(fields["cy"], [...path, "cy"], problems);
    const rx = problems.number(fields["rx"], [...path, "rx"], LENGTH);
    const ry = problems.number(fields["ry"], [...path, "ry"], LENGTH);
    endsInside("cx + rx", cx + rx, rx, [...path, "rx"], problems);
    startsInside("cx - rx", cx - rx, rx, [...path, "rx"], problems);
    endsInside("cy + ry", cy + ry, ry, [...path, "ry"], problems);
    startsInside("cy - ry", cy - ry, ry, [...path, "ry"], problems);
    return problems.found.length > before ? undefined : { kind: "ELLIPSE", cx, cy, rx, ry };
  },

  spec: ({ cx, cy, rx, ry }) => ({ cx, cy, rx, ry }),
  mask: (shape, { width, height }) => ellipseMask(inPixels(shape, width, height), width, height),
  kernel: (shape, { width, height }) => ({ kind: "ELLIPSE", ...inPixels(shape, width, height) }),
  fill: (shape, { width, height }) => element("ellipse", { ...inPixels(shape, width, height) }),
};

function inPixels({ cx, cy, rx, ry }: Ellipse, width: number, height: number): PixelEllipse {
  return { cx: cx * width, cy: cy * height, rx: rx * width, ry: ry * height };
}

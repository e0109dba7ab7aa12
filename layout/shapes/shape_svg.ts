/** Any shape as SVG: what it fills, and the lines along its border. */

import type { SvgCanvas } from "../svg/canvas.ts";
import type { AnyGeometry, PartsInSvg } from "./kind.ts";
import { shapeKind } from "./list.ts";

/** The shape, filled with the inherited colour; `reach` as {@link ShapeKind.fill} has it. */
export function shapeFill(shape: AnyGeometry, canvas: SvgCanvas, reach: number): string {
  return shapeKind(shape).fill(shape, canvas, reach, partsOn(canvas));
}

/** The lines of a shape's border; half of their width lies outside of the shape. */
export function shapeEdges(shape: AnyGeometry, canvas: SvgCanvas): string {
  const edges = shapeKind(shape).edges?.(shape, canvas, partsOn(canvas));
  return edges ?? shapeFill(shape, canvas, 0);
}

function partsOn(canvas: SvgCanvas): PartsInSvg {
  return {
    fill: (part, reach) => shapeFill(part, canvas, reach),
    edges: (part) => shapeEdges(part, canvas),
  };
}

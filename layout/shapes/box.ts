/** What rectangles and cells share. Right and bottom are given, not added up: those of cells are their neighbours' left and top bit for bit. */

import type { Mask } from "../masks/mask.ts";
import { rectangleMask } from "../masks/rasterize.ts";
import type { SvgCanvas } from "../svg/canvas.ts";
import { element } from "../svg/markup.ts";
import type { Canvas } from "./kind.ts";

/** Edges in fractions of the canvas. */
export interface Edges {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}

/** The mask of a box. */
export function boxMask({ x, y, right, bottom }: Edges, { width, height }: Canvas): Mask {
  const edges = { left: x * width, top: y * height, right: right * width, bottom: bottom * height };
  return rectangleMask(edges, width, height);
}

/** A box in SVG; edges on the canvas's border are moved outwards by `reach` pixels. */
export function boxFill({ x, y, right, bottom }: Edges, { width, height }: SvgCanvas, reach: number): string {
  const low = (edge: number) => edge <= 0 ? reach : 0, high = (edge: number) => edge >= 1 ? reach : 0;
  const left = x * width - low(x), top = y * height - low(y);
  return element("rect", {
    x: left,
    y: top,
    width: right * width + high(right) - left,
    height: bottom * height + high(bottom) - top,
  });
}

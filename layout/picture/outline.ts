/** Outlines in a layout's picture: a crisp line, however soft the mask. */

import { double, float } from "../../elements.ts";
import type { Canvas } from "./canvas.ts";
import type { WeightMaps } from "../weights/levels.ts";
import { type Bounds, type Mask, writeRow } from "../masks/mask.ts";
import { outlineColour } from "./palette.ts";

/** Opacity of outlines, and of those of what others hide. */
const OUTLINE = 0.85, HIDDEN = 0.3;

/**
 * Draws a line along the inside of a mask's contour at one half, faint where others hide the region.
 *
 * @param sigma The feather in pixels that the mask had, 0 for none.
 * @param index The region's, counted from 0.
 */
export function drawOutline(canvas: Canvas, mask: Mask, sigma: number, index: number, maps: WeightMaps): void {
  const { width, height } = canvas;
  const { left, top, right, bottom } = mask.bounds;
  const thickness = Math.max(1, Math.round(Math.min(width, height) / 300));
  const colour = outlineColour(index);
  const at = reader(crispMask(mask, sigma, width), mask.bounds);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const here = at(x, y);
      if (here === 0) continue;
      let lowest = here;
      for (let d = 1; d <= thickness; d++) {
        lowest = Math.min(lowest, at(x - d, y), at(x + d, y), at(x, y - d), at(x, y + d));
      }
      if (lowest === 1) continue;
      const weight = float(maps.data, ((index + 1) * height + y) * width + x);
      canvas.lay(x, y, colour, here * (1 - lowest) * (weight > 0.05 ? OUTLINE : HIDDEN));
    }
  }
}

/** The mask within its bounds, with a border at one half that is a pixel wide. */
function crispMask(mask: Mask, sigma: number, width: number): Float64Array {
  const { left, top, right, bottom } = mask.bounds;
  const columns = right - left;
  const soft = new Float64Array(columns * (bottom - top));
  const row = new Float64Array(width);
  for (let y = top; y < bottom; y++) {
    writeRow(mask, y, row);
    soft.set(row.subarray(left, right), (y - top) * columns);
  }
  // A feather's slope at one half is 1 / (sigma sqrt(2 pi)); undone, the contour is as crisp as that of a bare shape.
  const known = sigma > 0 ? Math.max(1, sigma * Math.sqrt(2 * Math.PI)) : undefined;
  const at = reader(soft, mask.bounds);
  return soft.map((value, i) => {
    if (value === 0 || value === 1) return value;
    const slope = known ?? localSlope(at, left + i % columns, top + Math.floor(i / columns));
    return Math.min(1, Math.max(0, (value - 0.5) * slope + 0.5));
  });
}

/** Painted masks and the rest are as soft as they are: how many pixels the mask takes here from 0 to 1, at least one. */
function localSlope(at: (x: number, y: number) => number, x: number, y: number): number {
  const here = at(x, y);
  const steepest = (a: number, b: number) => Math.max(Math.abs(here - a), Math.abs(here - b));
  const rise = Math.hypot(steepest(at(x - 1, y), at(x + 1, y)), steepest(at(x, y - 1), at(x, y + 1)));
  return Math.max(1, 1 / Math.max(rise, 1e-3));
}

function reader(values: Float64Array, { left, top, right, bottom }: Bounds): (x: number, y: number) => number {
  return (x, y) =>
    x < left || y < top || x >= right || y >= bottom ? 0 : double(values, (y - top) * (right - left) + x - left);
}

/** A region's mask: how much of each pixel its geometry covers, stored in the cheapest exact form. */

import { double } from "../../elements.ts";
import type { Mask } from "../../wasm/shapes.ts";

export type { Bounds, Mask } from "../../wasm/shapes.ts";

/**
 * Rounding leaves a coverage, a share or a hole this small where there is none; without the cut, such dust would make a
 * prompt paint pixels that do not belong to it.
 */
export const DUST = 1e-12;

/** Covers nothing: a region outside of its window of steps. */
export const EMPTY_MASK: Mask = {
  kind: "PIXELS",
  data: new Float64Array(0),
  bounds: { left: 0, top: 0, right: 0, bottom: 0 },
};

/** The mask of an outer product, with the bounds of what is not 0. */
export function productMask(x: Float64Array, y: Float64Array): Mask {
  const [left, right] = extent(x);
  const [top, bottom] = extent(y);
  return { kind: "PRODUCT", x, y, bounds: { left, top, right, bottom } };
}

/** Writes row `y` of the mask over `row` [width] between the bounds; the caller has zeroed the rest. */
export function writeRow(mask: Mask, y: number, row: Float64Array): void {
  const { left, top, right, bottom } = mask.bounds;
  if (y < top || y >= bottom) return;
  if (mask.kind === "PIXELS") {
    const width = right - left;
    row.set(mask.data.subarray((y - top) * width, (y - top + 1) * width), left);
    return;
  }
  const factor = double(mask.y, y);
  for (let x = left; x < right; x++) row[x] = factor * double(mask.x, x);
}

/** Whether rows `y` and `y - 1` are certainly equal. */
export function repeatsRow(mask: Mask, y: number): boolean {
  if (mask.kind === "PRODUCT") return mask.y[y] === mask.y[y - 1];
  return y < mask.bounds.top || y > mask.bounds.bottom;
}

/** The largest coverage of any pixel. */
export function maximum(mask: Mask): number {
  return mask.kind === "PRODUCT" ? largest(mask.x) * largest(mask.y) : largest(mask.data);
}

function largest(values: Float64Array): number {
  let best = 0;
  for (const value of values) if (value > best) best = value;
  return best;
}

function extent(values: Float64Array): readonly [number, number] {
  let from = 0;
  while (from < values.length && values[from] === 0) from++;
  let to = values.length;
  while (to > from && values[to - 1] === 0) to--;
  return [from, to];
}

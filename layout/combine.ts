/** Masks made of other masks: unions, subtractions, and the rest. */

import { type Bounds, DUST, EMPTY_MASK, type Mask, productMask, writeRow } from "./mask.ts";
import { trimmedMask } from "./trim.ts";

/** Each pixel is covered as much as by the mask that covers it most. */
export function unionMask(masks: readonly Mask[]): Mask {
  const [first, ...others] = masks.filter(covers);
  if (first === undefined) return EMPTY_MASK;
  if (others.length === 0) return first;
  const bounds = others.reduce((hull, { bounds: b }): Bounds => ({
    left: Math.min(hull.left, b.left),
    top: Math.min(hull.top, b.top),
    right: Math.max(hull.right, b.right),
    bottom: Math.max(hull.bottom, b.bottom),
  }), first.bounds);
  return mapRows(bounds, (y, row) => highestRow([first, ...others], y, bounds, row));
}

/**
 * What the union of `subtract` leaves of `from`: `max(0, from - union)`.
 *
 * Not the product `from * (1 - union)`: with the difference, a shape and what is left of another around it add up to
 * their union in every pixel, with neither a seam nor a place that both cover, and a shape less itself is empty.
 */
export function subtractionMask(from: Mask, subtract: readonly Mask[]): Mask {
  const cutting = subtract.filter((mask) => covers(mask) && meet(mask.bounds, from.bounds));
  if (!covers(from) || cutting.length === 0) return from;
  const { bounds } = from;
  const kept = new Float64Array(bounds.right);
  return mapRows(bounds, (y, row) => {
    highestRow(cutting, y, bounds, row);
    writeRow(from, y, kept);
    for (let x = bounds.left; x < bounds.right; x++) row[x] = difference(kept[x] ?? 0, row[x] ?? 0);
  });
}

/** What other masks leave of an image: `1 - min(1, sum of them)`, so that together they cover it exactly. */
export function restMask(others: readonly Mask[], width: number, height: number): Mask {
  const present = others.filter(covers);
  if (present.length === 0) return productMask(new Float64Array(width).fill(1), new Float64Array(height).fill(1));
  const scratch = new Float64Array(width);
  return mapRows({ left: 0, top: 0, right: width, bottom: height }, (y, row) => {
    row.fill(1);
    for (const mask of present) {
      const { left, top, right, bottom } = mask.bounds;
      if (y < top || y >= bottom) continue;
      writeRow(mask, y, scratch);
      for (let x = left; x < right; x++) row[x] = difference(row[x] ?? 0, scratch[x] ?? 0);
    }
  });
}

/** Builds a mask row by row; `write` gets a zeroed row of which the part within the bounds is kept. */
function mapRows(bounds: Bounds, write: (y: number, row: Float64Array) => void): Mask {
  const { left, top, right, bottom } = bounds;
  const columns = right - left;
  const data = new Float64Array(columns * (bottom - top));
  const row = new Float64Array(right);
  for (let y = top; y < bottom; y++) {
    row.fill(0);
    write(y, row);
    data.set(row.subarray(left, right), (y - top) * columns);
  }
  return trimmedMask(data, bounds);
}

/** Writes the highest of some masks' coverages within the bounds over a zeroed row. */
function highestRow(masks: readonly Mask[], y: number, { left, right }: Bounds, row: Float64Array): void {
  for (const mask of masks) {
    if (y < mask.bounds.top || y >= mask.bounds.bottom) continue;
    const from = Math.max(left, mask.bounds.left), to = Math.min(right, mask.bounds.right);
    if (mask.kind === "PRODUCT") {
      const factor = mask.y[y] ?? 0;
      for (let x = from; x < to; x++) row[x] = Math.max(row[x] ?? 0, factor * (mask.x[x] ?? 0));
    } else {
      const at = (y - mask.bounds.top) * (mask.bounds.right - mask.bounds.left) - mask.bounds.left;
      for (let x = from; x < to; x++) row[x] = Math.max(row[x] ?? 0, mask.data[at + x] ?? 0);
    }
  }
}

function difference(a: number, b: number): number {
  const left = a - b;
  return left < DUST ? 0 : left;
}

function covers({ bounds }: Mask): boolean {
  return bounds.left < bounds.right && bounds.top < bounds.bottom;
}

function meet(a: Bounds, b: Bounds): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

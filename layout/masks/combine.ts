/** Masks made of other masks: unions, subtractions, and the rest. */

import { double } from "../../elements.ts";
import { type Bounds, DUST, EMPTY_MASK, type Mask, productMask, writeRow } from "./mask.ts";
import { trimmedMask } from "./trim.ts";

/**
 * Each pixel is covered as much as by the mask that covers it most.
 *
 * @param masks May be drawn as they are asked for: of those in pixels no two are held at once.
 */
export function unionMask(masks: Iterable<Mask>): Mask {
  const products: Mask[] = [];
  const heights = new Heights();
  for (const mask of masks) {
    if (!covers(mask)) continue;
    if (mask.kind === "PRODUCT") products.push(mask);
    else heights.raise(mask);
  }
  const [first, ...others] = [...products, heights.mask()].filter(covers);
  if (first === undefined) return EMPTY_MASK;
  if (others.length === 0) return first;
  const bounds = others.reduce((all, mask) => hull(all, mask.bounds), first.bounds);
  return mapRows(bounds, (y, row) => highestRow([first, ...others], y, bounds, row));
}

/** The highest coverages of masks that come one after the other. */
class Heights {
  #bounds: Bounds = EMPTY_MASK.bounds;
  #data = new Float64Array(0);

  raise({ data, bounds }: Mask & { readonly kind: "PIXELS" }): void {
    this.#reach(bounds);
    const columns = bounds.right - bounds.left;
    for (let y = bounds.top; y < bounds.bottom; y++) {
      const from = (y - bounds.top) * columns, row = this.#row(y).subarray(bounds.left - this.#bounds.left);
      for (let x = 0; x < columns; x++) row[x] = Math.max(double(row, x), double(data, from + x));
    }
  }

  mask(): Mask {
    return trimmedMask(this.#data, this.#bounds);
  }

  #row(y: number): Float64Array {
    const columns = this.#bounds.right - this.#bounds.left;
    return this.#data.subarray((y - this.#bounds.top) * columns, (y - this.#bounds.top + 1) * columns);
  }

  /** Makes room for what lies within `bounds`. */
  #reach(bounds: Bounds): void {
    const before = this.#bounds;
    const all = this.#data.length === 0 ? bounds : hull(before, bounds);
    const columns = all.right - all.left, size = columns * (all.bottom - all.top);
    if (size === this.#data.length) return;
    const grown = new Float64Array(size);
    for (let y = before.top; y < before.bottom; y++) {
      grown.set(this.#row(y), (y - all.top) * columns + before.left - all.left);
    }
    this.#bounds = all;
    this.#data = grown;
  }
}

/**
 * What the union of `subtract` leaves of `from`: `max(0, from - union)`.
 *
 * Not the product `from * (1 - union)`: with the difference, a shape and what is left of another around it add up to
 * their union in every pixel, with neither a seam nor a pixel that is covered twice, and a shape less itself is empty.
 *
 * @param subtract As in `unionMask`.
 */
export function subtractionMask(from: Mask, subtract: Iterable<Mask>): Mask {
  const cut = unionMask(touching(subtract, from));
  if (!covers(cut)) return from;
  const { bounds } = from;
  const kept = new Float64Array(bounds.right);
  return mapRows(bounds, (y, row) => {
    highestRow([cut], y, bounds, row);
    writeRow(from, y, kept);
    for (let x = bounds.left; x < bounds.right; x++) row[x] = difference(double(kept, x), double(row, x));
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
      for (let x = left; x < right; x++) row[x] = difference(double(row, x), double(scratch, x));
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
      const factor = double(mask.y, y);
      for (let x = from; x < to; x++) row[x] = Math.max(double(row, x), factor * double(mask.x, x));
    } else {
      const at = (y - mask.bounds.top) * (mask.bounds.right - mask.bounds.left) - mask.bounds.left;
      for (let x = from; x < to; x++) row[x] = Math.max(double(row, x), double(mask.data, at + x));
    }
  }
}

function difference(a: number, b: number): number {
  const left = a - b;
  return left < DUST ? 0 : left;
}

function hull(a: Bounds, b: Bounds): Bounds {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function* touching(masks: Iterable<Mask>, { bounds }: Mask): Generator<Mask> {
  for (const mask of masks) {
    if (covers(mask) && meet(mask.bounds, bounds)) yield mask;
  }
}

function covers({ bounds }: Mask): boolean {
  return bounds.left < bounds.right && bounds.top < bounds.bottom;
}

function meet(a: Bounds, b: Bounds): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The overlap rules, on one row of pixels: masks M_r become shares m_r that sum to at most 1. */

import { double, integer, nth } from "../../elements.ts";
import { DUST } from "../masks/mask.ts";

/** One region's row of pixels [width]: its mask, then in place its share. It is 0 outside of [from, to). */
export interface RegionRow {
  readonly values: Float64Array;
  from: number;
  to: number;
}

/**
 * NORMALIZE: where masks add up to more than 1 the regions share the pixel in proportion to weight times mask:
 * `m_r = min(1, sum M) * g_r M_r / sum(g M)`.
 *
 * @param weights g_r > 0 per region.
 * @param total Scratch [width].
 * @param weighted Scratch [width].
 */
export function normalizeRow(
  rows: readonly RegionRow[],
  weights: readonly number[],
  total: Float64Array,
  weighted: Float64Array,
): void {
  total.fill(0);
  weighted.fill(0);
  rows.forEach(({ values, from, to }, r) => {
    const weight = nth(weights, r);
    for (let x = from; x < to; x++) {
      const mask = double(values, x);
      total[x] = double(total, x) + mask;
      weighted[x] = double(weighted, x) + weight * mask;
    }
  });
  rows.forEach(({ values, from, to }, r) => {
    const weight = nth(weights, r);
    for (let x = from; x < to; x++) {
      const sum = double(weighted, x);
      values[x] = sum > 0 ? Math.min(1, double(total, x)) * weight * double(values, x) / sum : 0;
    }
  });
}

/** The regions front to back: higher z first, of equals the later region first. */
export function frontToBack(z: readonly number[]): readonly number[] {
  return z.map((_, i) => i).sort((a, b) => nth(z, b) - nth(z, a) || b - a);
}

/**
 * Z_ORDER: each region takes what those in front of it left: `m_r = min(M_r, 1 - sum of m in front)`.
 *
 * @param order Region indexes, front to back.
 * @param taken Scratch [width].
 */
export function stackRow(rows: readonly RegionRow[], order: readonly number[], taken: Float64Array): void {
  taken.fill(0);
  for (const r of order) {
    const { values, from, to } = nth(rows, r);
    for (let x = from; x < to; x++) {
      const left = 1 - double(taken, x);
      const share = left < DUST ? 0 : Math.min(double(values, x), left);
      values[x] = share;
      taken[x] = double(taken, x) + share;
    }
  }
}

/** What no region took, `1 - sum m`, into `hole` [width]. Returns the sum over the row, in pixels. */
export function holeRow(rows: readonly RegionRow[], hole: Float64Array): number {
  hole.fill(0);
  for (const { values, from, to } of rows) {
    for (let x = from; x < to; x++) hole[x] = double(hole, x) + double(values, x);
  }
  let sum = 0;
  for (let x = 0; x < hole.length; x++) {
    const rest = 1 - double(hole, x);
    hole[x] = rest < DUST ? 0 : rest;
    sum += double(hole, x);
  }
  return sum;
}

/** NEAREST: gives each pixel's hole to its nearest region. */
export function fillHoleRow(rows: readonly RegionRow[], hole: Float64Array, owners: Int32Array): void {
  for (let x = 0; x < hole.length; x++) {
    const share = double(hole, x);
    const row = rows[integer(owners, x)]; // none where no region is solid
    if (share === 0 || row === undefined) continue;
    row.values[x] = double(row.values, x) + share;
    row.from = Math.min(row.from, x);
    row.to = Math.max(row.to, x + 1);
  }
}

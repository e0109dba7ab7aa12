/** The overlap rules, on one row of pixels: masks M_r become shares m_r that sum to at most 1. */

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
    const weight = weights[r] ?? 1;
    for (let x = from; x < to; x++) {
      const mask = values[x] ?? 0;
      total[x] = (total[x] ?? 0) + mask;
      weighted[x] = (weighted[x] ?? 0) + weight * mask;
    }
  });
  rows.forEach(({ values, from, to }, r) => {
    const weight = weights[r] ?? 1;
    for (let x = from; x < to; x++) {
      const sum = weighted[x] ?? 0;
      values[x] = sum > 0 ? Math.min(1, total[x] ?? 0) * weight * (values[x] ?? 0) / sum : 0;
    }
  });
}

/** The regions front to back: higher z first, of equals the later region first. */
export function frontToBack(z: readonly number[]): readonly number[] {
  return z.map((_, i) => i).sort((a, b) => (z[b] ?? 0) - (z[a] ?? 0) || b - a);
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
    const row = rows[r];
    if (row === undefined) continue;
    const { values, from, to } = row;
    for (let x = from; x < to; x++) {
      const left = 1 - (taken[x] ?? 0);
      const share = left < DUST ? 0 : Math.min(values[x] ?? 0, left);
      values[x] = share;
      taken[x] = (taken[x] ?? 0) + share;
    }
  }
}

/** What no region took, `1 - sum m`, into `hole` [width]. Returns the sum over the row, in pixels. */
export function holeRow(rows: readonly RegionRow[], hole: Float64Array): number {
  hole.fill(0);
  for (const { values, from, to } of rows) {
    for (let x = from; x < to; x++) hole[x] = (hole[x] ?? 0) + (values[x] ?? 0);
  }
  let sum = 0;
  for (let x = 0; x < hole.length; x++) {
    const rest = 1 - (hole[x] ?? 0);
    hole[x] = rest < DUST ? 0 : rest;
    sum += hole[x] ?? 0;
  }
  return sum;
}

/** NEAREST: gives each pixel's hole to its nearest region. */
export function fillHoleRow(rows: readonly RegionRow[], hole: Float64Array, owners: Int32Array): void {
  for (let x = 0; x < hole.length; x++) {
    const share = hole[x] ?? 0;
    const row = rows[owners[x] ?? -1];
    if (share === 0 || row === undefined) continue;
    row.values[x] = (row.values[x] ?? 0) + share;
    row.from = Math.min(row.from, x);
    row.to = Math.max(row.to, x + 1);
  }
}

/** From masks at image resolution to weight maps: one pass over the image's rows. */

import { double, nth } from "../../elements.ts";
import { type FieldPath, InvalidInputError } from "../../errors.ts";
import type { Holes, Overlap } from "../layout.ts";
import { DUST, type Mask, repeatsRow, writeRow } from "../masks/mask.ts";
import { NearestRegions } from "./nearest.ts";
import { fillHoleRow, frontToBack, holeRow, normalizeRow, type RegionRow, stackRow } from "./policies.ts";
import { assertSize, type LatentSize, type WeightMaps } from "./levels.ts";

/** The largest share of the canvas that policy ERROR leaves uncovered: rounding, not a hole. */
export const COVERED = 1e-6;

/** A region as blending sees it. */
export interface MaskedRegion {
  readonly mask: Mask;
  readonly weight: number;
  readonly baseRatio: number;
  readonly z: number;
}

export interface BlendRules {
  readonly overlap: Overlap;
  readonly holes: Holes;
  /** The path in an UNCOVERED error. Default: `["layout", "holes"]`. */
  readonly path?: FieldPath;
}

/** Weight maps, and what no region covered before the hole rule filled it. */
export interface Blend {
  readonly maps: WeightMaps;
  /** Share of each latent cell in [0, 1], [height, width]. */
  readonly holes: Float64Array;
  /** Share of the canvas in [0, 1]. */
  readonly uncovered: number;
}

/**
 * Blends regions into weight maps [regions + 1, ceil(height / factor), ceil(width / factor)], the base first: overlap
 * rule, hole rule and base ratios per pixel, then the average over each cell's pixels.
 *
 * @throws {InvalidInputError} UNCOVERED under policy ERROR, if more than 1e-6 of the canvas is uncovered.
 * @throws {RangeError} if the size is not made of positive whole numbers.
 */
export function blend(regions: readonly MaskedRegion[], rules: BlendRules, size: LatentSize): Blend {
  assertSize(size);
  const { width, height, factor } = size;
  const columns = Math.ceil(width / factor), lines = Math.ceil(height / factor);
  const count = regions.length + 1, cells = columns * lines;
  const data = new Float32Array(count * cells);
  const holes = new Float64Array(cells);

  const weights = regions.map((r) => r.weight);
  const order = frontToBack(regions.map((r) => r.z));
  const rows = regions.map((): RegionRow => ({ values: new Float64Array(width), from: 0, to: 0 }));
  const hole = new Float64Array(width), scratch = new Float64Array(width), base = new Float64Array(width);
  // Sums over one row of pixels and over one row of cells: the regions, the base and last the holes.
  const rowSums = new Float64Array((count + 1) * columns), cellSums = new Float64Array(rowSums.length);
  let nearest: NearestRegions | undefined;
  let repeatable = false, rowHole = 0, uncovered = 0;

  for (let y = 0; y < height; y++) {
    if (!repeatable || !regions.every(({ mask }) => repeatsRow(mask, y))) {
      regions.forEach(({ mask }, r) => loadRow(mask, y, nth(rows, r)));
      if (rules.overlap === "NORMALIZE") normalizeRow(rows, weights, scratch, base);
      else stackRow(rows, order, scratch);
      rowHole = holeRow(rows, hole);
      const filled = rules.holes === "NEAREST" && rowHole > 0;
      if (filled) {
        nearest ??= new NearestRegions(regions.map((r) => r.mask), width, height);
        fillHoleRow(rows, hole, nearest.row(y));
      }
      repeatable = !filled;
      sumRow(regions, rows, base, hole, factor, columns, rowSums);
    }
    uncovered += rowHole;
    for (let i = 0; i < cellSums.length; i++) cellSums[i] = double(cellSums, i) + double(rowSums, i);
    if ((y + 1) % factor !== 0 && y + 1 !== height) continue;

    const line = Math.floor(y / factor), rowsInCell = y + 1 - line * factor;
    for (let x = 0; x < columns; x++) {
      const pixels = rowsInCell * (Math.min(width, (x + 1) * factor) - x * factor);
      for (let r = 0; r < count; r++) {
        data[r * cells + line * columns + x] = double(cellSums, r * columns + x) / pixels;
      }
      holes[line * columns + x] = double(cellSums, count * columns + x) / pixels;
    }
    cellSums.fill(0);
  }
  uncovered /= width * height;
  if (rules.holes === "ERROR" && uncovered > COVERED) {
    const { path = ["layout", "holes"] } = rules;
    throw new InvalidInputError("UNCOVERED", path, rules.holes, uncoveredRule(uncovered));
  }
  return { maps: { count, width: columns, height: lines, data }, holes, uncovered };
}

function uncoveredRule(share: number): string {
  return `must be BASE or NEAREST where regions leave ${(share * 100).toPrecision(3)}% of the canvas uncovered ` +
    `(share ${share.toPrecision(9)})`;
}

function loadRow(mask: Mask, y: number, row: RegionRow): void {
  const { bounds } = mask;
  row.values.fill(0, row.from, row.to);
  const outside = y < bounds.top || y >= bounds.bottom;
  row.from = outside ? 0 : bounds.left;
  row.to = outside ? 0 : bounds.right;
  writeRow(mask, y, row.values);
}

/** Adds up a row's weights per cell: the base and the regions after their base ratios, and the holes. */
function sumRow(
  regions: readonly MaskedRegion[],
  rows: readonly RegionRow[],
  base: Float64Array,
  hole: Float64Array,
  factor: number,
  columns: number,
  sums: Float64Array,
): void {
  sums.fill(0);
  base.fill(0);
  rows.forEach(({ values, from, to }, r) => {
    const kept = 1 - nth(regions, r).baseRatio;
    for (let x = from; x < to; x++) {
      const weight = kept * double(values, x);
      const cell = (r + 1) * columns + Math.floor(x / factor);
      sums[cell] = double(sums, cell) + weight;
      base[x] = double(base, x) + weight;
    }
  });
  const holes = (rows.length + 1) * columns;
  for (let x = 0; x < base.length; x++) {
    const rest = 1 - double(base, x);
    const cell = Math.floor(x / factor);
    if (rest >= DUST) sums[cell] = double(sums, cell) + rest;
    sums[holes + cell] = double(sums, holes + cell) + double(hole, x);
  }
}

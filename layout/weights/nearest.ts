/** Which region is nearest to a pixel: an exact Euclidean distance transform, one row at a time. */

import { double, integer } from "../../elements.ts";
import { DUST, type Mask, maximum, writeRow } from "../masks/mask.ts";

/** No solid pixel in this column. */
const NONE = -1;

/**
 * For each pixel the region whose solid part has the nearest pixel centre; ties go to the lower index. Solid is where
 * the mask is at least 0.5, or at its maximum where it never gets there.
 *
 * Felzenszwalb & Huttenlocher, "Distance Transforms of Sampled Functions" (2012): distances down the columns first,
 * then the lower envelope of one parabola per column along a row. Rows are independent in the second pass, so only
 * those that are asked for are computed. Squared distances are whole numbers, so ties are exact.
 */
export class NearestRegions {
  readonly #columns: readonly Columns[];
  readonly #width: number;
  readonly #owners: Int32Array;
  readonly #distances: Float64Array;
  readonly #sites: Int32Array;
  readonly #heights: Float64Array;
  readonly #starts: Float64Array;

  constructor(masks: readonly Mask[], width: number, height: number) {
    this.#columns = masks.flatMap((mask, region) => columnDistances(mask, region, width, height));
    this.#width = width;
    this.#owners = new Int32Array(width);
    this.#distances = new Float64Array(width);
    this.#sites = new Int32Array(width);
    this.#heights = new Float64Array(width);
    this.#starts = new Float64Array(width + 1);
  }

  /** The nearest region's index for each pixel of row `y`, valid until the next call; -1 if no region is solid. */
  row(y: number): Int32Array {
    this.#owners.fill(-1);
    this.#distances.fill(Infinity);
    for (const columns of this.#columns) this.#improve(columns, y);
    return this.#owners;
  }

  #improve({ region, left, width, down }: Columns, y: number): void {
    const sites = this.#sites, heights = this.#heights, starts = this.#starts;
    let last = -1;
    for (let i = 0; i < width; i++) {
      const distance = integer(down, y * width + i);
      if (distance === NONE) continue;
      const x = left + i, height = distance * distance;
      let start = -Infinity;
      while (last >= 0) {
        const site = integer(sites, last);
        start = (height + x * x - double(heights, last) - site * site) / (2 * (x - site));
        if (start > double(starts, last)) break;
        last--;
        start = -Infinity;
      }
      last++;
      sites[last] = x;
      heights[last] = height;
      starts[last] = start;
    }
    if (last < 0) return;
    let k = 0;
    for (let x = 0; x < this.#width; x++) {
      while (k < last && double(starts, k + 1) < x) k++;
      const squared = (x - integer(sites, k)) ** 2 + double(heights, k);
      if (squared < double(this.#distances, x)) {
        this.#distances[x] = squared;
        this.#owners[x] = region;
      }
    }
  }
}

/** For the columns a region touches, the distance from each pixel to the region's nearest solid pixel in its column. */
interface Columns {
  readonly region: number;
  readonly left: number;
  readonly width: number;
  /** [height, width] whole pixels, or NONE. */
  readonly down: Int32Array;
}

function columnDistances(mask: Mask, region: number, width: number, height: number): readonly Columns[] {
  const highest = maximum(mask);
  if (highest === 0) return [];
  // Rounding must not decide which of several equal pixels are at the maximum.
  const threshold = Math.min(0.5, highest) - DUST;
  const { left, right, top, bottom } = mask.bounds;
  const columns = right - left;
  const down = new Int32Array(columns * height).fill(NONE);
  const row = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const solid = y >= top && y < bottom;
    if (solid) writeRow(mask, y, row);
    for (let i = 0; i < columns; i++) {
      const above = y === 0 ? NONE : integer(down, (y - 1) * columns + i);
      down[y * columns + i] = solid && double(row, left + i) >= threshold ? 0 : above === NONE ? NONE : above + 1;
    }
  }
  for (let y = height - 2; y >= 0; y--) {
    for (let i = 0; i < columns; i++) {
      const below = integer(down, (y + 1) * columns + i);
      const here = integer(down, y * columns + i);
      if (below !== NONE && (here === NONE || below + 1 < here)) down[y * columns + i] = below + 1;
    }
  }
  return [{ region, left, width: columns, down }];
}

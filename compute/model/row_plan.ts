/**
 * Which image tokens each row of the gathered attention holds: rows of equal length P, regions that cover more tokens
 * split into several rows.
 */

import { float, integer } from "../../elements.ts";

/** Weight maps of one level: [count][cells]. */
export interface LevelWeights {
  readonly count: number;
  readonly cells: number;
  readonly data: Float32Array;
}

/** Rows of one level; the names and shapes are those of `GATHERED_INPUTS`. */
export interface RowPlan {
  /** K */
  readonly rowCount: number;
  /** P */
  readonly places: number;
  /** m: the most rows that hold one token. */
  readonly most: number;
  /** [K] */
  readonly rows: Int32Array;
  /** [K, P] */
  readonly tokens: Int32Array;
  /** [K, P] */
  readonly gain: Float32Array;
  /** [N, m] */
  readonly back: Int32Array;
}

/** What a row costs beside its places: moving one region's keys and values, counted in places. */
const ROW_COST = 20;

/** The most rows that a single region is split into. */
const MOST_PARTS = 16;

/** Plans the rows of one level. Every token with weight stands in exactly one row of its region. */
export function planRows({ count, cells, data }: LevelWeights): RowPlan {
  const covered = Array.from({ length: count }, (_, r) => coveredCells(data.subarray(r * cells, (r + 1) * cells)));
  const held = covered.reduce((sum, tokens) => sum + tokens.length, 0);
  const most = mostHolders(covered, cells);
  const capacity = bestCapacity(covered.map((tokens) => tokens.length));
  const rowCount = covered.reduce((sum, tokens) => sum + Math.ceil(tokens.length / capacity), 0);
  // A token that fewer rows hold than the most needs a place of gain 0 to point at.
  const full = held === rowCount * capacity;
  const places = full && held < cells * most ? capacity + 1 : capacity;

  const rows = new Int32Array(rowCount);
  const tokens = new Int32Array(rowCount * places);
  const gain = new Float32Array(rowCount * places);
  const back = new Int32Array(cells * most);
  const holders = new Int32Array(cells);
  let row = 0;
  let padding = 0;
  covered.forEach((region, r) => {
    for (let at = 0; at < region.length; at += capacity, row++) {
      const length = Math.min(capacity, region.length - at);
      rows[row] = r;
      for (let i = 0; i < length; i++) {
        const token = integer(region, at + i);
        const place = row * places + i;
        tokens[place] = token;
        gain[place] = float(data, r * cells + token);
        const holder = integer(holders, token);
        back[token * most + holder] = place;
        holders[token] = holder + 1;
      }
      if (length < places) padding = row * places + length;
    }
  });
  for (let token = 0; token < cells; token++) {
    back.fill(padding, token * most + integer(holders, token), (token + 1) * most);
  }
  return { rowCount, places, most, rows, tokens, gain, back };
}

/** Numbers of the cells with weight, ascending. */
function coveredCells(weights: Float32Array): Int32Array {
  const found = new Int32Array(weights.length);
  let count = 0;
  weights.forEach((weight, cell) => {
    if (weight !== 0) found[count++] = cell;
  });
  return found.subarray(0, count);
}

function mostHolders(covered: readonly Int32Array[], cells: number): number {
  const holders = new Int32Array(cells);
  for (const tokens of covered) for (const token of tokens) holders[token] = integer(holders, token) + 1;
  return holders.reduce((max, n) => Math.max(max, n), 1);
}

/** The tokens per row that make all rows together cheapest. */
function bestCapacity(sizes: readonly number[]): number {
  const used = sizes.filter((size) => size > 0);
  let best = Math.max(1, ...used);
  const cost = (capacity: number) =>
    used.reduce((sum, size) => sum + Math.ceil(size / capacity), 0) * (capacity + ROW_COST);
  for (const size of new Set(used)) {
    for (let parts = 1; parts <= Math.min(size, MOST_PARTS); parts++) {
      const capacity = Math.ceil(size / parts);
      if (cost(capacity) < cost(best)) best = capacity;
    }
  }
  return best;
}

// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/**
 * Feathering at full resolution: rows are blurred along x as they come, and the last few of them along y. Masks are 0
 * or 1 nearly everywhere, so blocks of pixels whose whole neighbourhood is the same are left as they are.
 */

import { addSharpRow } from "./outline.ts";
import { Region } from "./records.ts";
import { convolve, fillRun, settle } from "./runs.ts";

/** Pixels that are left alone or blurred together: what `convolve` does at once. */
const BLOCK: i32 = 16;

/**
 * Writes the blurred row `y` over [outLeft, outRight) of `row`, and up to 3 pixels beyond. Rows come from top to bottom.
 *
 * Beyond the image its first and last rows are repeated, so rows are counted from -radius to height + radius where the
 * mask touches the border. Each stands twice in the ring, `rows` apart: any window of it lies in one piece.
 *
 * @param line Scratch for a row of pixels with the radius and 4 more on both sides.
 */
export function exactRow(
  region: Region,
  y: i32,
  row: usize,
  width: i32,
  height: i32,
  line: usize,
  places: usize,
): void {
  const radius = region.radius;
  const begin = region.top === 0 ? -radius : region.top;
  const end = region.bottom === height ? height + radius : region.bottom;
  const first = max(begin, y - radius), last = min(end - 1, y + radius);
  for (; region.produced <= last; region.produced++) {
    const e = region.produced;
    const slot = slotOf(region, e - begin);
    if (e > begin && (e <= 0 || e >= height)) repeatRow(region, slot, slotOf(region, e - begin - 1));
    else blurAlong(region, min(height - 1, max(0, e)), slot, width, line, places);
    memory.copy(slot + stepOf(region) * region.rows, slot, stepOf(region));
  }
  const count = last - first + 1, whole = count === 2 * radius + 1;
  const taps = region.taps + (<usize> (first - y + radius) << 2);
  const window = slotOf(region, first - begin);
  for (let x = region.outLeft, at = region.runs; x < region.outRight; x += BLOCK, at += 4) {
    const run = load<i32>(at), pixels = blockAt(region, x);
    if (run >= count && whole) fillRun(row, x, x + pixels, 1);
    else if (-run >= count) fillRun(row, x, x + pixels, 0);
    else {
      const offset = <usize> x << 2;
      convolve(row + offset, window + offset, stepOf(region), taps, count, pixels);
      settle(row + offset, pixels, 0);
    }
  }
}

/** Pixels of the block at `x`, a multiple of 4. */
function blockAt(region: Region, x: i32): i32 {
  return min(BLOCK, (region.outRight - x + 3) & ~3);
}

function slotOf(region: Region, index: i32): usize {
  return region.work + <usize> (index % region.rows) * stepOf(region);
}

function stepOf(region: Region): usize {
  return <usize> region.columns << 2;
}

/** Copies a row, and with it how long its blocks have been the same. */
function repeatRow(region: Region, slot: usize, previous: usize): void {
  memory.copy(slot, previous, stepOf(region));
  for (let x = region.outLeft, at = region.runs; x < region.outRight; x += BLOCK, at += 4) {
    const run = load<i32>(at);
    if (run !== 0) store<i32>(at, run > 0 ? run + 1 : run - 1);
  }
}

/** Blurs pixel row `y` of the sharp mask along x into `out`. */
function blurAlong(region: Region, y: i32, out: usize, width: i32, line: usize, places: usize): void {
  const radius = region.radius;
  const row = line + (<usize> (radius + 4) << 2);
  const from = region.outLeft - radius, to = region.outRight + radius + 4;
  fillRun(row + <usize> (from * 4), 0, to - from, 0);
  addSharpRow(region, y, row, places);
  if (region.left === 0) fillRun(row - (<usize> radius << 2), 0, radius, load<f32>(row));
  if (region.right === width) fillRun(row, width, width + radius + 4, load<f32>(row + (<usize> (width - 1) << 2)));
  const taps = region.taps, count = 2 * radius + 1;
  let change = from;
  for (let x = region.outLeft, at = region.runs; x < region.outRight; x += BLOCK, at += 4) {
    const pixels = blockAt(region, x), first = x - radius, run = load<i32>(at);
    if (change <= first) change = nextChange(row, first, to);
    const value = load<f32>(row + <usize> (first * 4));
    if (change >= x + pixels + radius && (value === 0 || value === 1)) {
      fillRun(out, x, x + pixels, value);
      store<i32>(at, value === 1 ? max(0, run) + 1 : min(0, run) - 1);
    } else {
      convolve(out + (<usize> x << 2), row + <usize> (first * 4), 4, taps, count, pixels);
      store<i32>(at, 0);
    }
  }
}

/** The first pixel after `from` that differs from the one before it; `to` or more if there is none before `to`. */
function nextChange(row: usize, from: i32, to: i32): i32 {
  let x = from + 1;
  for (; x < to; x += 4) {
    const at = row + <usize> (x * 4);
    if (!i32x4.all_true(f32x4.eq(v128.load(at), v128.load(at - 4)))) break;
  }
  for (; x < to; x++) {
    const at = row + <usize> (x * 4);
    if (load<f32>(at) !== load<f32>(at - 4)) break;
  }
  return x;
}

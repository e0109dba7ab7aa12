// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/**
 * Wide feathers on a coarse grid: a mask that is blurred by a Gaussian has no detail finer than it, so the averages of
 * side x side pixels are blurred, and cubic B-splines through them give the pixels back. `../coarse_blur.ts` makes the
 * blur so much narrower that the whole has the Gaussian's variance.
 *
 * Coarse cell i is the pixels [i * side - side / 2, i * side + side / 2): its centre lies between pixels, and four
 * pixels in a row have the same four coefficients.
 */

import { addSharpRow } from "./outline.ts";
import { Region } from "./records.ts";
import { convolve, DUST, fillRun, settle, sumRun } from "./runs.ts";

/**
 * Computes the coefficients.
 * @param line Scratch for a row of pixels.
 * @param cells Scratch f32 [rows + 2 * radius + 1, columns + 2 * radius + 4, rounded up to whole vectors].
 */
export function blurCoarse(region: Region, width: i32, height: i32, line: usize, cells: usize, scratch: usize): void {
  const radius = region.radius, side = region.side, half = side / 2;
  const rows = region.rows + 2 * radius, columns = (region.columns + 2 * radius + 7) & ~3;
  const present = cells + <usize> (rows * columns) * 4;
  memory.fill(cells, 0, <usize> ((rows + 1) * columns) * 4);
  fillRun(line, region.left, region.right, 0);

  const above = region.originY - radius; // the first row of `cells`
  const top = region.top, bottom = region.bottom;
  for (let y = top; y < bottom; y++) {
    const j = (y + half) / side, into = cells + <usize> ((j - above) * columns) * 4;
    if (y === height - 1) flush(region, width, line, present, into, columns);
    addSharpRow(region, y, line, scratch);
    if (y === 0) {
      averageLine(region, width, line, present, columns);
      addScaled(into, present, columns, <f32> half);
      for (let k = above; k < 0; k++) {
        addScaled(cells + <usize> ((k - above) * columns) * 4, present, columns, <f32> side);
      }
    }
    if (y === height - 1) {
      averageLine(region, width, line, present, columns);
      addScaled(into, present, columns, <f32> (j * side + half - height));
      for (let k = j + 1; k < above + rows; k++) {
        addScaled(cells + <usize> ((k - above) * columns) * 4, present, columns, <f32> side);
      }
    }
    if ((y + 1 + half) % side === 0 || y + 1 === bottom) flush(region, width, line, present, into, columns);
  }

  // Rows of `cells` outside of [from, to) are empty.
  const from = top === 0 ? 0 : (top + half) / side - above;
  const to = bottom === height ? rows : (bottom - 1 + half) / side + 1 - above;
  const taps = region.taps, count = 2 * radius + 1;
  for (let k = from; k < to; k++) {
    const row = cells + <usize> (k * columns) * 4;
    convolve(row, row, 4, taps, count, region.columns);
  }
  for (let k = 0; k < region.rows; k++) {
    const first = max(0, from - k), last = min(count, to - k);
    convolve(
      region.work + <usize> (k * region.columns) * 4,
      cells + <usize> ((k + first) * columns) * 4,
      <usize> columns << 2,
      taps + (<usize> first << 2),
      last - first,
      region.columns,
    );
  }
}

/** Adds the sums of pixels in `line` to a row of coarse cells, and empties it. */
function flush(region: Region, width: i32, line: usize, present: usize, into: usize, columns: i32): void {
  averageLine(region, width, line, present, columns);
  addScaled(into, present, columns, 1);
  fillRun(line, region.left, region.right, 0);
}

/** Sums up the pixels of each coarse cell, over side * side; beyond the image its first and last pixels are repeated. */
function averageLine(region: Region, width: i32, line: usize, present: usize, columns: i32): void {
  const side = region.side, half = side / 2, left = region.left, right = region.right;
  const share = <f32> (1.0 / <f64> (side * side));
  const before = region.originX - region.radius;
  const first = left === 0 ? 0 : (left + half) / side - before;
  const last = right === width ? columns - 1 : (right - 1 + half) / side - before;
  for (let i = first; i <= last; i++) {
    const from = (i + before) * side - half, to = from + side;
    const a = max(left, from), b = min(right, to);
    let sum: f32 = a < b ? sumRun(line, a, b) : 0;
    if (from < 0 && left === 0) sum += <f32> (min(0, to) - from) * load<f32>(line);
    if (to > width && right === width) {
      sum += <f32> (to - max(width, from)) * load<f32>(line + (<usize> (width - 1) << 2));
    }
    store<f32>(present + (<usize> i << 2), sum * share);
  }
}

function addScaled(into: usize, source: usize, count: i32, factor: f32): void {
  const wide = f32x4.splat(factor);
  const end = into + (<usize> count << 2);
  for (; into < end; into += 16, source += 16) {
    v128.store(into, f32x4.add(v128.load(into), f32x4.mul(wide, v128.load(source))));
  }
}

/** Writes row `y` over at least [outLeft, outRight) of `row`, and 0 around it within a coarse cell. */
export function coarseRow(region: Region, y: i32, row: usize, line: usize): void {
  const step = region.step, columns = region.columns;
  const j = y / step, phase = region.phases + <usize> ((y - j * step) << 4);
  const source = region.work + <usize> ((j - 1 - region.originY) * columns) * 4;
  convolve(line, source, <usize> columns << 2, phase, 4, columns);
  settle(line, columns, DUST);
  const from = (region.originX + 1) * step; // of the first cell whose four coefficients are stored
  const end = step === 2
    ? pairs(region, row, line, from)
    : step === 4
    ? fours(region, row, line, from)
    : wider(region, row, line, from);
  fillRun(row, from, region.outLeft, 0);
  fillRun(row, region.outRight, end, 0);
}

/** Cells of 4 pixels. Returns where it ended. */
function fours(region: Region, row: usize, coefficients: usize, from: i32): i32 {
  const weights = region.groups;
  const wa = v128.load(weights), wb = v128.load(weights, 16), wc = v128.load(weights, 32), wd = v128.load(weights, 48);
  const end = from + ((region.outRight - from + 3) & ~3);
  const last = row + (<usize> end << 2);
  for (let at = row + (<usize> from << 2); at < last; at += 16, coefficients += 4) {
    const a = v128.load32_splat(coefficients), b = v128.load32_splat(coefficients, 4);
    const c = v128.load32_splat(coefficients, 8), d = v128.load32_splat(coefficients, 12);
    v128.store(
      at,
      f32x4.add(
        f32x4.add(f32x4.mul(a, wa), f32x4.mul(b, wb)),
        f32x4.add(f32x4.mul(c, wc), f32x4.mul(d, wd)),
      ),
    );
  }
  return end;
}

/** Cells of 8 pixels or more. */
function wider(region: Region, row: usize, coefficients: usize, from: i32): i32 {
  const groups = region.step >> 2, one = f32x4.splat(1);
  let x = from;
  for (; x < region.outRight; coefficients += 4) {
    const all = v128.load(coefficients);
    const full = i32x4.all_true(f32x4.eq(all, one));
    if (full || !v128.any_true(all)) {
      const value = full ? one : f32x4.splat(0);
      for (let g = 0; g < groups; g++, x += 4) v128.store(row + (<usize> x << 2), value);
      continue;
    }
    const a = v128.shuffle<f32>(all, all, 0, 0, 0, 0), b = v128.shuffle<f32>(all, all, 1, 1, 1, 1);
    const c = v128.shuffle<f32>(all, all, 2, 2, 2, 2), d = v128.shuffle<f32>(all, all, 3, 3, 3, 3);
    let weights = region.groups;
    for (let g = 0; g < groups; g++, weights += 64, x += 4) {
      v128.store(
        row + (<usize> x << 2),
        f32x4.add(
          f32x4.add(f32x4.mul(a, v128.load(weights)), f32x4.mul(b, v128.load(weights, 16))),
          f32x4.add(f32x4.mul(c, v128.load(weights, 32)), f32x4.mul(d, v128.load(weights, 48))),
        ),
      );
    }
  }
  return x;
}

/** Cells of 2 pixels, two at a time: they share five coefficients. */
function pairs(region: Region, row: usize, coefficients: usize, from: i32): i32 {
  const weights = region.groups;
  const wa = v128.load(weights), wb = v128.load(weights, 16), wc = v128.load(weights, 32);
  const wd = v128.load(weights, 48), we = v128.load(weights, 64);
  let x = from;
  for (; x < region.outRight; coefficients += 8, x += 4) {
    const all = v128.load(coefficients), a = v128.shuffle<f32>(all, all, 0, 0, 0, 0);
    const b = v128.shuffle<f32>(all, all, 1, 1, 1, 1), c = v128.shuffle<f32>(all, all, 2, 2, 2, 2);
    const d = v128.shuffle<f32>(all, all, 3, 3, 3, 3), e = v128.load32_splat(coefficients, 16);
    v128.store(
      row + (<usize> x << 2),
      f32x4.add(
        f32x4.add(f32x4.mul(wa, a), f32x4.mul(wb, b)),
        f32x4.add(f32x4.mul(wc, c), f32x4.add(f32x4.mul(wd, d), f32x4.mul(we, e))),
      ),
    );
  }
  return x;
}

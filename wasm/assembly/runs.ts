// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** Adding to, filling, summing up and blurring runs of f32 pixels. */

/** What 32-bit sums of shares that make 1 may miss of it, and far less than any weight that can be seen. */
export const DUST: f32 = 2e-6;

/** Adds `share` to the pixels [from, to) of a row. */
export function addRun(row: usize, from: i32, to: i32, share: f32): void {
  const wide = f32x4.splat(share);
  let at = row + (<usize> from << 2);
  const end = row + (<usize> to << 2);
  for (; at + 16 <= end; at += 16) v128.store(at, f32x4.add(v128.load(at), wide));
  for (; at < end; at += 4) store<f32>(at, load<f32>(at) + share);
}

/** Adds `count` pixels to others. */
export function addRow(row: usize, source: usize, count: i32): void {
  const end = row + (<usize> count << 2);
  for (; row + 16 <= end; row += 16, source += 16) v128.store(row, f32x4.add(v128.load(row), v128.load(source)));
  for (; row < end; row += 4, source += 4) store<f32>(row, load<f32>(row) + load<f32>(source));
}

/** Makes the pixels [from, to) of a row `value`. */
export function fillRun(row: usize, from: i32, to: i32, value: f32): void {
  const wide = f32x4.splat(value);
  let at = row + (<usize> from << 2);
  const end = row + (<usize> to << 2);
  for (; at + 16 <= end; at += 16) v128.store(at, wide);
  for (; at < end; at += 4) store<f32>(at, value);
}

/** The sum of the pixels [from, to) of a row. */
export function sumRun(row: usize, from: i32, to: i32): f32 {
  let wide = f32x4.splat(0);
  let at = row + (<usize> from << 2);
  const end = row + (<usize> to << 2);
  for (; at + 16 <= end; at += 16) wide = f32x4.add(wide, v128.load(at));
  let sum = sumLanes(wide);
  for (; at < end; at += 4) sum += load<f32>(at);
  return sum;
}

export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Weighs `count` sources with `taps` f32 and writes their sum to `out`, over `pixels`, a multiple of 4. Source t begins at
 * `source + t * step`. In place if the sources lie at and to the right of `out`: four vectors are summed up at once, so
 * that no addition waits for another, and written when all of them have been read.
 */
export function convolve(out: usize, source: usize, step: usize, taps: usize, count: i32, pixels: i32): void {
  const end = out + (<usize> pixels << 2), last = taps + (<usize> count << 2);
  for (; out + 64 <= end; out += 64, source += 64) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    let from = source;
    for (let tap = taps; tap < last; tap += 4, from += step) {
      const weight = v128.load32_splat(tap);
      a = f32x4.add(a, f32x4.mul(weight, v128.load(from)));
      b = f32x4.add(b, f32x4.mul(weight, v128.load(from, 16)));
      c = f32x4.add(c, f32x4.mul(weight, v128.load(from, 32)));
      d = f32x4.add(d, f32x4.mul(weight, v128.load(from, 48)));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
  }
  for (; out < end; out += 16, source += 16) {
    let sum = f32x4.splat(0);
    let from = source;
    for (let tap = taps; tap < last; tap += 4, from += step) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(tap), v128.load(from)));
    }
    v128.store(out, sum);
  }
}

/** Makes pixels, a multiple of 4, 1 where only rounding is beside it, and 0 below `low`. */
export function settle(row: usize, pixels: i32, low: f32): void {
  const one = f32x4.splat(1), dust = f32x4.splat(low), full = f32x4.splat(1 - DUST);
  const end = row + (<usize> pixels << 2);
  for (; row < end; row += 16) {
    const v = v128.load(row);
    v128.store(row, v128.bitselect(one, v128.and(v, f32x4.ge(v, dust)), f32x4.gt(v, full)));
  }
}

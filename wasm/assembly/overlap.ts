// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** The overlap rules on the pixels of one cell: `layout/weights/policies.ts`. */

import { LAYER } from "./records.ts";
import { DUST, sumLanes } from "./runs.ts";

/** One of the masks on a cell, followed by two rows of four pixels at hand and the sums of four columns. */
@unmanaged
export class Layer {
  region: usize;
  /** The upper row at hand is the f32 at `pixels`, times the one at `factors`; the next is a step further. */
  pixels: usize;
  step: usize;
  factors: usize;
  factorStep: usize;
  weight: f32;
  /** The sum of its shares over the cell's pixels. */
  sum: f64;
}

const PIECE: usize = 32;
const SUMS: usize = 64;

/** The lanes of the last four pixels of a cell that belong to it. */
function lanesOf(columns: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(columns & 3 ? columns & 3 : 4));
}

/**
 * NORMALIZE on each pixel: `m = min(1, sum M) * g M / sum(g M)`, summed up per layer. Returns what is bare.
 * @param squares Pixels stand for squares of 2 x 2, and fill whole vectors.
 */
export function normalizePixels(layers: usize, end: usize, rows: i32, columns: i32, squares: bool): f64 {
  const none = f32x4.splat(0), one = f32x4.splat(1), dust = f32x4.splat(DUST);
  const whole = <usize> ((columns + 3) & ~3) << 2, tail = lanesOf(columns);
  let bare = none, above = none;
  for (let at = layers; at < end; at += LAYER) v128.store(at, none, SUMS);
  for (let k = 0; k < rows; k += 2) {
    for (let x: usize = 0; x < whole; x += 16) {
      const lanes = x + 16 === whole ? tail : i32x4.splat(-1);
      const lower = k + 1 < rows ? lanes : none;
      let total0 = none, total1 = none, weighted0 = none, weighted1 = none;
      for (let at = layers; at < end; at += LAYER) {
        const layer = changetype<Layer>(at);
        const pixels = layer.pixels + x, factors = layer.factors, weight = f32x4.splat(layer.weight);
        const mask0 = v128.and(f32x4.mul(v128.load32_splat(factors), v128.load(pixels)), lanes);
        const factor1 = v128.load32_splat(factors + layer.factorStep);
        const mask1 = v128.and(f32x4.mul(factor1, v128.load(pixels + layer.step)), lower);
        const share0 = f32x4.mul(mask0, weight), share1 = f32x4.mul(mask1, weight);
        v128.store(at, share0, PIECE);
        v128.store(at, share1, PIECE + 16);
        total0 = f32x4.add(total0, mask0);
        total1 = f32x4.add(total1, mask1);
        weighted0 = f32x4.add(weighted0, share0);
        weighted1 = f32x4.add(weighted1, share1);
      }
      let hole0 = f32x4.pmax(none, f32x4.sub(one, total0)), hole1 = f32x4.pmax(none, f32x4.sub(one, total1));
      if (squares) {
        // Slopes are measured from the row above; the first row has but the one below.
        const near = k > 0 ? above : k + 1 < rows ? total1 : total0;
        hole0 = holeOfSquares(f32x4.sub(one, total0), total0, near);
        hole1 = holeOfSquares(f32x4.sub(one, total1), total1, total0);
        above = total1;
      }
      hole0 = v128.and(v128.and(hole0, f32x4.ge(hole0, dust)), lanes);
      hole1 = v128.and(v128.and(hole1, f32x4.ge(hole1, dust)), lower);
      bare = f32x4.add(bare, f32x4.add(hole0, hole1));
      // 0 / 0 where no layer has the pixel: every share is 0 there, and the comparison keeps NaN out.
      const ratio0 = v128.and(f32x4.div(f32x4.sub(one, hole0), weighted0), f32x4.gt(weighted0, none));
      const ratio1 = v128.and(f32x4.div(f32x4.sub(one, hole1), weighted1), f32x4.gt(weighted1, none));
      for (let at = layers; at < end; at += LAYER) {
        const shares = f32x4.add(
          f32x4.mul(v128.load(at, PIECE), ratio0),
          f32x4.mul(v128.load(at, PIECE + 16), ratio1),
        );
        v128.store(at, f32x4.add(v128.load(at, SUMS), shares), SUMS);
      }
    }
    nextRows(layers, end);
  }
  closeSums(layers, end);
  return <f64> sumLanes(bare);
}

/**
 * The mean of max(0, hole) over the four pixels of each square, which differs from that of the mean where the masks
 * begin to cover. The slopes come from a square beside and one above or below.
 */
function holeOfSquares(hole: v128, total: v128, near: v128): v128 {
  const quarter = f32x4.splat(0.25), none = f32x4.splat(0);
  const beside = v128.shuffle<f32>(total, total, 1, 0, 1, 2);
  const dx = f32x4.mul(f32x4.abs(f32x4.sub(total, beside)), quarter);
  const dy = f32x4.mul(f32x4.abs(f32x4.sub(total, near)), quarter);
  const both = f32x4.add(dx, dy), either = f32x4.sub(dx, dy);
  const sum = f32x4.add(
    f32x4.add(f32x4.pmax(none, f32x4.add(hole, both)), f32x4.pmax(none, f32x4.sub(hole, both))),
    f32x4.add(f32x4.pmax(none, f32x4.add(hole, either)), f32x4.pmax(none, f32x4.sub(hole, either))),
  );
  return f32x4.mul(sum, quarter);
}

/** Z_ORDER on each pixel, the layers front to back: `m = min(M, 1 - sum of m in front)`. Returns what is bare. */
export function stackPixels(layers: usize, end: usize, rows: i32, columns: i32): f64 {
  const none = f32x4.splat(0), dust = f32x4.splat(DUST);
  const whole = <usize> ((columns + 3) & ~3) << 2, tail = lanesOf(columns);
  let bare = none;
  for (let at = layers; at < end; at += LAYER) v128.store(at, none, SUMS);
  for (let k = 0; k < rows; k += 2) {
    for (let x: usize = 0; x < whole; x += 16) {
      const lanes = x + 16 === whole ? tail : i32x4.splat(-1);
      const lower = k + 1 < rows ? lanes : none;
      let left0 = v128.and(f32x4.splat(1), lanes), left1 = v128.and(f32x4.splat(1), lower);
      for (let at = layers; at < end; at += LAYER) {
        const layer = changetype<Layer>(at);
        const pixels = layer.pixels + x, factors = layer.factors;
        const mask0 = v128.and(f32x4.mul(v128.load32_splat(factors), v128.load(pixels)), lanes);
        const factor1 = v128.load32_splat(factors + layer.factorStep);
        const mask1 = v128.and(f32x4.mul(factor1, v128.load(pixels + layer.step)), lower);
        const share0 = f32x4.pmin(mask0, left0), share1 = f32x4.pmin(mask1, left1);
        v128.store(at, f32x4.add(v128.load(at, SUMS), f32x4.add(share0, share1)), SUMS);
        left0 = f32x4.sub(left0, share0);
        left1 = f32x4.sub(left1, share1);
        left0 = v128.and(left0, f32x4.ge(left0, dust));
        left1 = v128.and(left1, f32x4.ge(left1, dust));
      }
      bare = f32x4.add(bare, f32x4.add(left0, left1));
    }
    nextRows(layers, end);
  }
  closeSums(layers, end);
  return <f64> sumLanes(bare);
}

function nextRows(layers: usize, end: usize): void {
  for (let at = layers; at < end; at += LAYER) {
    const layer = changetype<Layer>(at);
    layer.pixels += 2 * layer.step;
    layer.factors += 2 * layer.factorStep;
  }
}

function closeSums(layers: usize, end: usize): void {
  for (let at = layers; at < end; at += LAYER) changetype<Layer>(at).sum = <f64> sumLanes(v128.load(at, SUMS));
}

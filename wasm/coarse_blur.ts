/** The numbers behind wide feathers on a coarse grid; `assembly/coarse_blur.ts` says how they are used. */

import { double, float, nth } from "../elements.ts";
import type { KernelBlur, LatentSize } from "./shapes.ts";

/** Images of at most this many pixels are always blurred at full resolution: they are cheap enough. */
export const SMALL_IMAGE = 2 ** 16;

/** Narrower Gaussians, in pixels, are blurred at full resolution. */
const NARROW = 12;

/** The side of a coarse cell is at most a fifth of the standard deviation: then masks are within 2e-3 of the exact ones. */
const CELLS_PER_SIGMA = 5;

/** Half of these, in pixels, are steps that four pixels at once can be drawn in: 2 or a multiple of 4. */
const SIDE = 8;

/** The side of the coarse cells in pixels that suits a blur: 2, 4 or a multiple of 8; null: it is done exactly. */
export function coarseSide({ sigma }: KernelBlur, { width, height }: LatentSize): number | null {
  if (sigma < NARROW || width * height <= SMALL_IMAGE) return null;
  const widest = sigma / CELLS_PER_SIGMA;
  return widest < 4 ? 2 : widest < SIDE ? 4 : SIDE * Math.floor(widest / SIDE);
}

/**
 * The blur of coarse cells, symmetric, that with what the grid adds has the variance of the exact taps: averaging `side`
 * pixels adds (side^2 - 1) / 12 and cubic B-splines side^2 / 3. Each tap gathers a Gaussian's pixels around its cell's
 * centre, cut where the exact taps are; cutting costs a little variance, which is given back by and by.
 */
export function coarseTaps({ taps, sigma }: KernelBlur, side: number): Float64Array {
  const target = variance(taps, 1) - (side ** 2 - 1) / 12 - side ** 2 / 3;
  // Cut a little earlier: the grid smears the end.
  const reach = Math.round((taps.length - 1) / 2 - side / 4);
  let squared = sigma ** 2, gained = gathered(squared, reach, side);
  // What is missing shrinks to a sixth or less each time.
  for (let i = 0; i < 8; i++) {
    squared += target - variance(gained, side);
    gained = gathered(squared, reach, side);
  }
  return gained;
}

function gathered(squared: number, reach: number, side: number): Float64Array {
  const radius = Math.ceil((reach + 0.5) / side);
  const taps = new Float64Array(2 * radius + 1);
  for (let x = 0; x <= reach; x++) {
    // The middle pixel counts for both halves.
    const value = Math.exp(-0.5 * x * x / squared) / (x === 0 ? 2 : 1);
    // A pixel half way between two cells' centres counts for both by halves.
    for (const at of [Math.ceil(x / side - 0.5), Math.floor(x / side + 0.5)]) {
      taps[radius + at] = double(taps, radius + at) + value;
      taps[radius - at] = double(taps, radius - at) + value;
    }
  }
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}

function variance(taps: Float64Array, spacing: number): number {
  const radius = (taps.length - 1) / 2;
  return taps.reduce((sum, tap, i) => sum + tap * ((i - radius) * spacing) ** 2, 0);
}

/** The weights of a cubic B-spline's four coefficients at `t` in [0, 1) between the second and the third. */
function splineWeights(t: number): readonly [number, number, number, number] {
  return [(1 - t) ** 3 / 6, (3 * t ** 3 - 6 * t ** 2 + 4) / 6, (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6, t ** 3 / 6];
}

/** Per pixel of a coarse cell its coefficients' weights [side, 4]. */
export function phaseWeights(side: number): Float64Array {
  return Float64Array.from({ length: side * 4 }, (_, i) => nth(splineWeights((Math.floor(i / 4) + 0.5) / side), i % 4));
}

/** The weights of four pixels at once: [side / 4, 4 coefficients, 4 pixels], or for a side of 2 [5, 4]. */
export function groupWeights(side: number): Float64Array {
  if (side === 2) {
    return Float64Array.from({ length: 20 }, (_, i) => {
      const pixel = i % 4, cell = Math.floor(pixel / 2);
      // The first cell lacks the fifth coefficient, and the second the first.
      return splineWeights((pixel % 2 + 0.5) / 2)[Math.floor(i / 4) - cell] ?? 0;
    });
  }
  return Float64Array.from(
    { length: side * 4 },
    (_, i) => nth(splineWeights((Math.floor(i / 16) * 4 + i % 4 + 0.5) / side), Math.floor(i / 4) % 4),
  );
}

/** Taps as 32-bit floats whose sum, added up in order as the kernels do, is 1: so that what is full stays full. */
export function roundedTaps(taps: Float64Array): Float32Array {
  const rounded = Float32Array.from(taps);
  const middle = (taps.length - 1) / 2;
  for (let i = 0; i < 8; i++) {
    const missing = 1 - rounded.reduce((sum, tap) => Math.fround(sum + tap), 0);
    if (missing === 0) break;
    rounded[middle] = float(rounded, middle) + missing;
  }
  return rounded;
}

/** Feathering: a separable blur of a mask, in pixels. Outside of the image the nearest edge pixel is repeated. */

import { double } from "../../elements.ts";
import { DUST, type Mask, productMask } from "./mask.ts";

/** 2 * px + 1 equal taps that sum to 1; px is a whole number of pixels. */
export function boxKernel(px: number): Float64Array {
  const taps = 2 * Math.trunc(px) + 1;
  return new Float64Array(taps).fill(1 / taps);
}

/** A sampled Gaussian of standard deviation `sigma` > 0 pixels, cut at ceil(3 sigma), that sums to 1. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((tap) => tap / sum);
}

/** The mask of an image [height, width], blurred along both axes by a symmetric kernel of odd length. */
export function feather(mask: Mask, kernel: Float64Array, width: number, height: number): Mask {
  if (mask.kind === "PRODUCT") {
    return productMask(blurLines(mask.x, line(width), kernel).data, blurLines(mask.y, line(height), kernel).data);
  }
  const { left, top, right, bottom } = mask.bounds;
  if (right <= left || bottom <= top) return mask;
  const across = blurLines(mask.data, { from: left, to: right, size: width }, kernel);
  const turned = transpose(across.data, bottom - top, across.to - across.from);
  const down = blurLines(turned, { from: top, to: bottom, size: height }, kernel);
  return {
    kind: "PIXELS",
    data: transpose(down.data, across.to - across.from, down.to - down.from),
    bounds: { left: across.from, top: down.from, right: across.to, bottom: down.to },
  };
}

/** The part [from, to) of image lines of `size` pixels that is stored; the rest is 0. */
interface Stored {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

function line(size: number): Stored {
  return { from: 0, to: size, size };
}

/**
 * Blurs each line of `data` [lines, to - from] and widens the stored part to what the blur reaches.
 *
 * A line is a sum of steps, and a blurred step is the kernel's running sum. Masks change at few pixels, so adding up
 * blurred steps costs a fraction of weighing every pixel's neighbours, and gives the same numbers.
 */
function blurLines(
  data: Float64Array,
  stored: Stored,
  kernel: Float64Array,
): { readonly data: Float64Array; readonly from: number; readonly to: number } {
  const radius = (kernel.length - 1) / 2;
  const length = stored.to - stored.from;
  const from = Math.max(0, stored.from - radius);
  const to = Math.min(stored.size, stored.to + radius);
  let sum = 0;
  const rise = kernel.map((tap) => sum += tap);
  const lines = length === 0 ? 0 : data.length / length;
  const blurred = new Float64Array(lines * (to - from));
  const settled = new Float64Array(to - from + 1);
  for (let i = 0; i < lines; i++) {
    const source = data.subarray(i * length, (i + 1) * length);
    const out = blurred.subarray(i * (to - from), (i + 1) * (to - from));
    settled.fill(0);
    let value = stored.from === 0 ? double(source, 0) : 0;
    settled[0] = value;
    for (let j = 0; j <= length; j++) {
      const next = j < length ? double(source, j) : stored.to === stored.size ? value : 0;
      const step = next - value;
      if (step === 0) continue;
      value = next;
      const start = stored.from + j - radius - from;
      const end = Math.min(out.length, start + 2 * radius);
      for (let x = Math.max(0, start); x < end; x++) out[x] = double(out, x) + step * double(rise, x - start);
      settled[end] = double(settled, end) + step;
    }
    settle(out, settled);
  }
  return { data: blurred, from, to };
}

/** Adds the steps that are complete to the left of each pixel; what rounding left beside 0 and 1 becomes 0 and 1. */
function settle(out: Float64Array, settled: Float64Array): void {
  let level = 0;
  for (let x = 0; x < out.length; x++) {
    level += double(settled, x);
    const value = double(out, x) + level;
    out[x] = value < DUST ? 0 : value > 1 - DUST ? 1 : value;
  }
}

function transpose(data: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(data.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) turned[x * rows + y] = double(data, y * columns + x);
  }
  return turned;
}

/**
 * Pictures at another size: one pass along the rows, one along the columns. Values are averaged as they are encoded
 * (sRGB), like browsers do; colours count by their alpha, so that invisible pixels do not bleed into visible ones.
 */

import { checkSize, checkWholeNumber, MAX_EDGE, type Pixels, pixels } from "./pixels.ts";
import { type Taps, tapsFor } from "./taps.ts";

/**
 * The picture with exactly this width and height, the aspect ratio given up if they ask for it. An axis that shrinks
 * is averaged by area, one that grows is interpolated with a limited Catmull-Rom spline: smooth, without halos.
 *
 * Fully transparent pixels come out black. The same size gives the same picture, not a copy.
 *
 * @throws {InvalidInputError} as {@link pixels} for a size no picture can have.
 */
export function resize(source: Pixels, width: number, height: number): Pixels {
  checkSize(width, height);
  if (width === source.width && height === source.height) return source;
  const { channels } = source;
  const across = tapsFor(source.width, width), down = tapsFor(source.height, height);
  const rows = resample(premultiply(source), across, source.height, channels);
  const sums = resample(rows, down, 1, width * channels);
  const total = across.total * down.total;
  return pixels(width, height, channels, channels === 3 ? divide(sums, total) : unpremultiply(sums, total));
}

/**
 * The picture shrunk so that neither edge is longer than `maxEdge` pixels, its aspect ratio kept; the picture itself
 * if it already fits. Never enlarges.
 *
 * @throws {InvalidInputError} NOT_A_NUMBER or OUT_OF_RANGE if `maxEdge` is not a whole number from 1 to MAX_EDGE.
 */
export function fitWithin(source: Pixels, maxEdge: number): Pixels {
  checkWholeNumber(maxEdge, 1, MAX_EDGE, ["maxEdge"]);
  return Math.max(source.width, source.height) <= maxEdge ? source : scaleToEdge(source, maxEdge);
}

/**
 * The picture shrunk or enlarged so that its longer edge is `edge` pixels, its aspect ratio kept to the nearest whole
 * pixel: what turns a preview at latent size into one worth looking at.
 *
 * @throws {InvalidInputError} NOT_A_NUMBER or OUT_OF_RANGE if `edge` is not a whole number from 1 to MAX_EDGE;
 * INVALID_SIZE if the result would have more than MAX_PIXELS pixels.
 */
export function scaleToEdge(source: Pixels, edge: number): Pixels {
  checkWholeNumber(edge, 1, MAX_EDGE, ["edge"]);
  const longer = Math.max(source.width, source.height);
  const scaled = (length: number) => Math.max(1, Math.round(length * edge / longer));
  return resize(source, scaled(source.width), scaled(source.height));
}

/**
 * Weighted sums along the middle axis: [outer, from, inner] -> [outer, to, inner], `total` times too large. Where the
 * taps are limited, each sum is kept between the least and the greatest of its samples.
 */
function resample(source: Float64Array, taps: Taps, outer: number, inner: number): Float64Array {
  const target = new Float64Array(outer * taps.to * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < taps.to; i++) {
      const start = (o * taps.to + i) * inner;
      if (taps.limited) interpolate(source, target, taps, o, i, start, inner);
      else average(source, target, taps, o, i, start, inner);
    }
  }
  return target;
}

/** One target sample of an axis that shrinks: any number of taps. */
function average(
  source: Float64Array,
  target: Float64Array,
  { from, count, indexes, weights }: Taps,
  o: number,
  i: number,
  start: number,
  inner: number,
): void {
  for (let k = i * count; k < (i + 1) * count; k++) {
    const base = (o * from + (indexes[k] ?? 0)) * inner;
    const weight = weights[k] ?? 0;
    if (weight === 0) continue;
    for (let c = 0; c < inner; c++) target[start + c] = (target[start + c] ?? 0) + (source[base + c] ?? 0) * weight;
  }
}

/** One target sample of an axis that grows: four taps, spelled out because previews spend their time here. */
function interpolate(
  source: Float64Array,
  target: Float64Array,
  { from, indexes, weights, total }: Taps,
  o: number,
  i: number,
  start: number,
  inner: number,
): void {
  const k = i * 4;
  const at = (tap: number) => (o * from + (indexes[k + tap] ?? 0)) * inner;
  const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
  const [u, v, w, x] = [weights[k] ?? 0, weights[k + 1] ?? 0, weights[k + 2] ?? 0, weights[k + 3] ?? 0];
  for (let n = 0; n < inner; n++) {
    const p = source[a + n] ?? 0, q = source[b + n] ?? 0, r = source[c + n] ?? 0, s = source[d + n] ?? 0;
    const sum = p * u + q * v + r * w + s * x;
    const least = Math.min(p, q, r, s) * total, greatest = Math.max(p, q, r, s) * total;
    target[start + n] = sum < least ? least : sum > greatest ? greatest : sum;
  }
}

function premultiply({ channels, data }: Pixels): Float64Array {
  if (channels === 3) return new Float64Array(data);
  const premultiplied = new Float64Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] ?? 0;
    for (let c = i; c < i + 3; c++) premultiplied[c] = (data[c] ?? 0) * alpha;
    premultiplied[i + 3] = alpha;
  }
  return premultiplied;
}

function divide(sums: Float64Array, total: number): Uint8Array {
  const data = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i++) data[i] = Math.floor((sums[i] ?? 0) / total + 0.5);
  return data;
}

function unpremultiply(sums: Float64Array, total: number): Uint8Array {
  const data = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i += 4) {
    const alpha = sums[i + 3] ?? 0;
    // Limiting treats colour and alpha apart, so their ratio may pass 255.
    for (let c = i; c < i + 3; c++) data[c] = alpha === 0 ? 0 : Math.min(255, Math.floor((sums[c] ?? 0) / alpha + 0.5));
    data[i + 3] = Math.floor(alpha / total + 0.5);
  }
  return data;
}

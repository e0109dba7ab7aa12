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

type Samples = Uint8Array | Float64Array;

/** Weighted sums along the middle axis: [outer, from, inner] -> [outer, to, inner], `total` times too large. */
function resample(source: Samples, taps: Taps, outer: number, inner: number): Float64Array {
  const { from, to, count, indexes, weights } = taps;
  const target = new Float64Array(outer * to * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < to; i++) {
      const start = (o * to + i) * inner;
      for (let k = i * count; k < (i + 1) * count; k++) {
        const base = (o * from + at(indexes, k)) * inner, weight = at(weights, k);
        if (weight === 0) continue;
        for (let c = 0; c < inner; c++) target[start + c] = at(target, start + c) + at(source, base + c) * weight;
      }
    }
  }
  if (taps.limited) limit(target, source, taps, outer, inner);
  return target;
}

/** Keeps each sum between the least and the greatest of its samples. */
function limit(target: Float64Array, source: Samples, taps: Taps, outer: number, inner: number): void {
  const { from, to, count, indexes, total } = taps;
  for (let o = 0, t = 0; o < outer; o++) {
    for (let i = 0; i < to; i++) {
      for (let c = 0; c < inner; c++, t++) {
        let least = Infinity, greatest = 0;
        for (let k = i * count; k < (i + 1) * count; k++) {
          const value = at(source, (o * from + at(indexes, k)) * inner + c);
          if (value < least) least = value;
          if (value > greatest) greatest = value;
        }
        target[t] = Math.min(greatest * total, Math.max(least * total, at(target, t)));
      }
    }
  }
}

function premultiply({ channels, data }: Pixels): Samples {
  if (channels === 3) return data;
  const premultiplied = new Float64Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = at(data, i + 3);
    for (let c = i; c < i + 3; c++) premultiplied[c] = at(data, c) * alpha;
    premultiplied[i + 3] = alpha;
  }
  return premultiplied;
}

function divide(sums: Float64Array, total: number): Uint8Array {
  const data = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i++) data[i] = Math.floor(at(sums, i) / total + 0.5);
  return data;
}

function unpremultiply(sums: Float64Array, total: number): Uint8Array {
  const data = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i += 4) {
    const alpha = at(sums, i + 3);
    // Limiting treats colour and alpha apart, so their ratio may pass 255.
    for (let c = i; c < i + 3; c++) data[c] = alpha === 0 ? 0 : Math.min(255, Math.floor(at(sums, c) / alpha + 0.5));
    data[i + 3] = Math.floor(alpha / total + 0.5);
  }
  return data;
}

/** The element at an index known to exist. */
function at(array: Samples | Int32Array, index: number): number {
  return array[index] ?? 0;
}

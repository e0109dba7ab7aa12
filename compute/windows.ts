/**
 * Overlapping windows over a picture or its latents: what is too large at once is predicted, decoded or encoded part by
 * part, and the parts are fused by smooth shares. Predictions are fused before the sampler takes its step (MultiDiffusion,
 * arXiv:2302.08113), which leaves the noise its variance: eps = sum_i w_i eps_i, sum_i w_i = 1, enters one sampler step.
 */

import { double, float, nth } from "../elements.ts";
import type { WeightMaps } from "../layout/weights/weight_maps.ts";
import { shapeOf, type Tensor } from "./tensor.ts";

/** How something is cut into windows: in pixels, or in latent cells. */
export interface WindowGrid {
  /** Edge of a window. A picture that is narrower or lower has windows of its own width or height. */
  readonly size: number;
  /** By how much neighbours overlap at least, 0 < overlap < size. */
  readonly overlap: number;
}

/** One window. */
export interface Window {
  /** Its upper left cell, or pixel. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** [height, width]: its share in the prediction of each of its cells. The shares of all windows sum to 1 in every cell. */
  readonly shares: Float32Array;
}

/** Where windows lie along one axis, and the share of each in every cell. */
interface Span {
  readonly start: number;
  readonly length: number;
  readonly shares: Float64Array;
}

/** The whole picture as its only window. */
export function wholePicture({ width, height }: { readonly width: number; readonly height: number }): Window {
  return { x: 0, y: 0, width, height, shares: new Float32Array(width * height).fill(1) };
}

/** How many windows lie along an axis of this length. */
export function windowsAlong(length: number, { size, overlap }: WindowGrid): number {
  return length <= size ? 1 : Math.ceil((length - overlap) / (size - overlap));
}

/**
 * The windows of something, row by row, as few as the overlap lets be, spread evenly from border to border.
 * @param unit What all sizes are multiples of, and where windows begin.
 */
export function windowsOf({ width, height }: { width: number; height: number }, grid: WindowGrid, unit = 1): Window[] {
  const across = spans(width, grid, unit);
  return spans(height, grid, unit).flatMap((down) =>
    across.map((along) => ({
      x: along.start,
      y: down.start,
      width: along.length,
      height: down.length,
      shares: Float32Array.from(
        { length: along.length * down.length },
        (_, i) => double(along.shares, i % along.length) * double(down.shares, Math.floor(i / along.length)),
      ),
    }))
  );
}

/**
 * Shares rise from a window's edge over its overlap with the neighbour as sin^2, so that two of them sum to 1; where more
 * than two overlap, they are divided by their sum.
 */
function spans(length: number, grid: WindowGrid, unit: number): Span[] {
  const count = windowsAlong(length, grid);
  if (count === 1) return [{ start: 0, length, shares: new Float64Array(length).fill(1) }];
  const { size } = grid;
  const starts = Array.from({ length: count }, (_, k) => Math.round(k * (length - size) / (count - 1) / unit) * unit);
  const raw = starts.map((start, k) => {
    const before = k === 0 ? 0 : nth(starts, k - 1) + size - start;
    const after = k === count - 1 ? 0 : start + size - nth(starts, k + 1);
    return Float64Array.from({ length: size }, (_, i) => rise(i, before) * rise(size - 1 - i, after));
  });
  const sums = new Float64Array(length);
  raw.forEach((weights, k) => {
    weights.forEach((w, i) => sums[nth(starts, k) + i] = double(sums, nth(starts, k) + i) + w);
  });
  return starts.map((start, k) => ({
    start,
    length: size,
    shares: nth(raw, k).map((w, i) => w / double(sums, start + i)),
  }));
}

/** At the `i`th cell from an edge, of `over` that overlap. */
function rise(i: number, over: number): number {
  return i >= over ? 1 : Math.sin(Math.PI / 2 * (i + 0.5) / over) ** 2;
}

/** What a window sees of [1, C, H, W]. */
export function crop(whole: Tensor, { x, y, width, height }: Omit<Window, "shares">): Tensor {
  const [batch, channels, rows, columns] = shapeOf(whole, 4);
  return {
    dims: [batch, channels, height, width],
    data: cropPlanes(whole.data, channels, { rows, columns }, { x, y, width, height }),
  };
}

/** What a window sees of a layout's weight maps; regions may have no weight in any of its cells. */
export function cropMaps({ count, data, ...whole }: WeightMaps, { x, y, width, height }: Window): WeightMaps {
  const size = { rows: whole.height, columns: whole.width };
  return { count, width, height, data: cropPlanes(data, count, size, { x, y, width, height }) };
}

function cropPlanes(
  data: Float32Array,
  planes: number,
  { rows, columns }: { rows: number; columns: number },
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Float32Array {
  const part = new Float32Array(planes * height * width);
  for (let row = 0; row < planes * height; row++) {
    const from = (Math.floor(row / height) * rows + y + row % height) * columns + x;
    part.set(data.subarray(from, from + width), row * width);
  }
  return part;
}

/**
 * Adds a window's prediction, weighted by its share: `sum += share x prediction`.
 * @param sum [C, H, W]
 * @param prediction [C, height, width] of the window.
 * @param whole Latent cells of the picture.
 * @param weights [height, width]: what else a cell of the window is weighted by; null for nothing.
 */
export function addWindow(
  sum: Float32Array,
  prediction: Float32Array,
  { x, y, width, height, shares }: Window,
  { height: rows, width: columns }: { readonly height: number; readonly width: number },
  weights: Float32Array | null,
): void {
  const cells = width * height;
  for (let i = 0; i < prediction.length; i++) {
    const cell = i % cells;
    const at = (Math.floor(i / cells) * rows + y + Math.floor(cell / width)) * columns + x + cell % width;
    const share = float(shares, cell) * (weights === null ? 1 : float(weights, cell));
    sum[at] = float(sum, at) + share * float(prediction, i);
  }
}

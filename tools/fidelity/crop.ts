/** Crops as the judge was taught them: cut out, and resized with a triangle filter. */

import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import { type Box, requireInside } from "./windows.ts";

/** Fixed-point one of the filter's weights: 32 bits, less 8 of a colour and 2 to spare. */
const ONE = 2 ** 22;

/** The samples [first, first + weights.length) that make one target sample. */
interface Tap {
  readonly first: number;
  /** In units of 1 / ONE. */
  readonly weights: readonly number[];
}

/**
 * A box of a picture as [side, side, 3] bytes. The same bytes as Pillow's `resize` with `BILINEAR` gives (Pillow,
 * `src/libImaging/Resample.c`): a triangle as wide as a target pixel, never narrower than a source pixel; rows first,
 * then columns, each rounded to bytes. `image/resize.ts` filters otherwise, and the judge would see other crops than it
 * learnt from.
 * @throws {RangeError} if the box reaches out of the picture.
 */
export function crop(picture: RgbImage, box: Box, side: number): Uint8Array {
  requireInside(box, picture);
  const { width, data } = picture;
  const [x0, y0, x1, y1] = box;
  const across = triangle(x1 - x0, side), down = triangle(y1 - y0, side);
  const rows = new Uint8Array((y1 - y0) * side * 3);
  for (let y = 0; y < y1 - y0; y++) {
    const start = ((y0 + y) * width + x0) * 3;
    across.forEach((tap, x) => blend(data, start, 3, tap, rows, (y * side + x) * 3, 3));
  }
  const cut = new Uint8Array(side * side * 3);
  down.forEach((tap, y) => blend(rows, 0, side * 3, tap, cut, y * side * 3, side * 3));
  return cut;
}

/** Writes `count` neighbouring bytes, each the weighted sum of bytes that lie `stride` apart. */
function blend(
  source: Uint8Array,
  start: number,
  stride: number,
  { first, weights }: Tap,
  target: Uint8Array,
  at: number,
  count: number,
): void {
  for (let c = 0; c < count; c++) {
    let sum = ONE / 2;
    weights.forEach((weight, k) => sum += weight * (source[start + (first + k) * stride + c] ?? 0));
    target[at + c] = Math.min(255, Math.floor(sum / ONE));
  }
}

/** The taps that take an axis of `from` samples to `to`. */
function triangle(from: number, to: number): readonly Tap[] {
  const scale = from / to, reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const heights = Array.from(
      { length: end - first },
      (_, k) => Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / reach)),
    );
    const total = heights.reduce((a, b) => a + b, 0);
    return { first, weights: heights.map((height) => Math.floor(0.5 + height / total * ONE)) };
  });
}

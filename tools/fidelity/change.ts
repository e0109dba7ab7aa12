/** How much a picture changed, within a box and outside of it. */

import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import { type Box, requireInside } from "./windows.ts";

/** Mean absolute differences of pixels' channels, 0 to 255. */
export interface Change {
  readonly inside: number;
  readonly outside: number;
}

/**
 * What became of a picture.
 * @throws {RangeError} unless both have one size, and the box has area and lies within, without filling it.
 */
export function changeOf(before: RgbImage, after: RgbImage, box: Box): Change {
  requireInside(box, before);
  const { width, height, data } = before;
  const [x0, y0, x1, y1] = box;
  const area = (x1 - x0) * (y1 - y0), rest = width * height - area;
  if (after.width !== width || after.height !== height || rest === 0) {
    throw new RangeError(`Cannot compare ${after.width} x ${after.height} with ${width} x ${height} around [${box}]`);
  }
  let inside = 0, outside = 0;
  for (let i = 0; i < data.length; i++) {
    const difference = Math.abs((data[i] ?? 0) - (after.data[i] ?? 0));
    const pixel = Math.floor(i / 3), x = pixel % width, y = Math.floor(pixel / width);
    if (x >= x0 && x < x1 && y >= y0 && y < y1) inside += difference;
    else outside += difference;
  }
  return { inside: inside / (3 * area), outside: outside / (3 * rest) };
}

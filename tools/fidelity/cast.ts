/** How violet a part of a picture is: the measure of the style that `loras/dusk.safetensors` teaches. */

import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import { type Box, requireInside } from "./windows.ts";

/**
 * The mean over a box of (red + blue) / 2 - green, from -255 to 255 and 0 for greys; as `cast` of
 * `training/beds/dusk.py`. Pictures have some of it by what they show: compare with one of the same noise without.
 * @throws {RangeError} if the box reaches out of the picture or has no area.
 */
export function violetCast(picture: RgbImage, box: Box): number {
  requireInside(box, picture);
  const { width, data } = picture;
  const [x0, y0, x1, y1] = box;
  let sum = 0;
  for (let y = y0; y < y1; y++) {
    for (let at = (y * width + x0) * 3, end = (y * width + x1) * 3; at < end; at += 3) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      sum += (red + blue) / 2 - green;
    }
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

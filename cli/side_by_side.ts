/** Two pictures in one. */

import { type Pixels, pixels } from "../image/pixels.ts";

/** Pixels between the two. */
const GAP = 8;

/** The pictures beside each other on white, as high as the higher one. */
export function sideBySide(left: Pixels, right: Pixels): Pixels {
  const width = left.width + GAP + right.width;
  const height = Math.max(left.height, right.height);
  const data = new Uint8Array(width * height * 3).fill(255);
  copy(left, 0);
  copy(right, left.width + GAP);
  return pixels(width, height, 3, data);

  function copy(source: Pixels, x0: number): void {
    for (let i = 0; i < source.width * source.height; i++) {
      const x = x0 + i % source.width;
      const y = Math.floor(i / source.width);
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = source.data[i * source.channels + c] ?? 0;
    }
  }
}

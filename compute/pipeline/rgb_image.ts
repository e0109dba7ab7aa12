/** Pictures as bytes. */

import { float } from "../../elements.ts";
import type { Band, Part, PictureParts } from "../model/tiles.ts";
import { shapeOf, type Tensor } from "../tensor.ts";

/** Row-major interleaved sRGB. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** height x width x 3 bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A picture's width and height in pixels. */
export type ImageSize = Pick<RgbImage, "width" | "height">;

/**
 * Planes [3, height, width] from -1 (black) to 1 (white) as bytes. Autoencoders overshoot, so values beyond the range
 * become its ends; halves round as in diffusers' `VaeImageProcessor` (x 255, round half to even).
 */
export function toBytes(planes: Float32Array, height: number, width: number): RgbImage {
  const data = new Uint8Array(height * width * 3);
  writeBytes(planes, data);
  return { width, height, data };
}

/** A decoded picture as bytes, band by band. */
export async function bandsToBytes(bands: AsyncIterable<Band>, { width, height }: ImageSize): Promise<RgbImage> {
  const data = new Uint8Array(height * width * 3);
  for await (const { y, rows } of bands) writeBytes(rows.data, data.subarray(y * width * 3));
  return { width, height, data };
}

function writeBytes(planes: Float32Array, target: Uint8Array): void {
  const cells = planes.length / 3;
  for (let rgb = 0; rgb < 3; rgb++) {
    for (let i = 0; i < cells; i++) {
      const value = Math.min(1, Math.max(0, float(planes, rgb * cells + i) / 2 + 0.5)) * 255;
      const floor = Math.floor(value);
      const up = value - floor > 0.5 || (value - floor === 0.5 && floor % 2 === 1);
      target[i * 3 + rgb] = up ? floor + 1 : floor;
    }
  }
}

/**
 * A picture as an encoder takes it, from -1 to 1.
 * @param grey [height, width]: where it is 0.5 or more, the picture is grey, 0. Default: nowhere.
 */
export function toParts({ width, height, data }: RgbImage, grey?: Float32Array): PictureParts {
  const part = (part: Part): Tensor => {
    const cells = part.width * part.height;
    const planes = new Float32Array(3 * cells);
    for (let i = 0; i < cells; i++) {
      const pixel = (part.y + Math.floor(i / part.width)) * width + part.x + i % part.width;
      if ((grey?.[pixel] ?? 0) >= 0.5) continue;
      for (let c = 0; c < 3; c++) planes[c * cells + i] = (data[pixel * 3 + c] ?? 0) / 127.5 - 1;
    }
    return { dims: [1, 3, part.height, part.width], data: planes };
  };
  return { width, height, part };
}

/** A decoded picture as bytes, averaged over whole blocks so that no edge is longer than `edge` pixels, band by band. */
export async function shrink(
  bands: AsyncIterable<Band>,
  { width, height }: ImageSize,
  edge: number,
): Promise<RgbImage> {
  const block = Math.ceil(Math.max(height, width) / edge);
  if (block <= 1) return await bandsToBytes(bands, { width, height });
  const [h, w] = [Math.floor(height / block), Math.floor(width / block)];
  const planes = new Float32Array(3 * h * w);
  for await (const { y: top, rows } of bands) {
    const [, , count] = shapeOf(rows, 4);
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < count && top + y < h * block; y++) {
        for (let x = 0; x < w * block; x++) {
          const to = (c * h + Math.floor((top + y) / block)) * w + Math.floor(x / block);
          planes[to] = float(planes, to) + float(rows.data, (c * count + y) * width + x) / (block * block);
        }
      }
    }
  }
  return toBytes(planes, h, w);
}

/** Pictures as bytes. */

import { float } from "../../elements.ts";
import { shapeOf, type Tensor } from "../tensor.ts";

/** Row-major interleaved sRGB. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** height x width x 3 bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Planes [3, height, width] from -1 (black) to 1 (white) as bytes. Autoencoders overshoot, so values beyond the range
 * become its ends; halves round as in diffusers' `VaeImageProcessor` (x 255, round half to even).
 */
export function toBytes(planes: Float32Array, height: number, width: number): RgbImage {
  const cells = height * width;
  const data = new Uint8Array(cells * 3);
  for (let rgb = 0; rgb < 3; rgb++) {
    for (let i = 0; i < cells; i++) {
      const value = Math.min(1, Math.max(0, float(planes, rgb * cells + i) / 2 + 0.5)) * 255;
      const floor = Math.floor(value);
      const up = value - floor > 0.5 || (value - floor === 0.5 && floor % 2 === 1);
      data[i * 3 + rgb] = up ? floor + 1 : floor;
    }
  }
  return { width, height, data };
}

/** A picture as an encoder takes it, [1, 3, H, W] from -1 to 1. */
export function toPlanes({ width, height, data }: RgbImage): Tensor {
  const cells = height * width;
  const planes = new Float32Array(3 * cells);
  for (let i = 0; i < data.length; i++) planes[(i % 3) * cells + Math.floor(i / 3)] = (data[i] ?? 0) / 127.5 - 1;
  return { dims: [1, 3, height, width], data: planes };
}

/** A decoded picture [1, 3, H, W] as bytes, averaged over whole blocks so that no edge is longer than `edge` pixels. */
export function shrink(picture: Tensor, edge: number): RgbImage {
  const [, , height, width] = shapeOf(picture, 4);
  const block = Math.ceil(Math.max(height, width) / edge);
  if (block <= 1) return toBytes(picture.data, height, width);
  const [h, w] = [Math.floor(height / block), Math.floor(width / block)];
  const planes = new Float32Array(3 * h * w);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < h * block; y++) {
      for (let x = 0; x < w * block; x++) {
        const to = (c * h + Math.floor(y / block)) * w + Math.floor(x / block);
        planes[to] = float(planes, to) + float(picture.data, (c * height + y) * width + x) / (block * block);
      }
    }
  }
  return toBytes(planes, h, w);
}

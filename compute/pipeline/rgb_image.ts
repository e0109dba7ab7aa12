/** Pictures as bytes. */

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
      const value = Math.min(1, Math.max(0, (planes[rgb * cells + i] ?? 0) / 2 + 0.5)) * 255;
      const floor = Math.floor(value);
      const up = value - floor > 0.5 || (value - floor === 0.5 && floor % 2 === 1);
      data[i * 3 + rgb] = up ? floor + 1 : floor;
    }
  }
  return { width, height, data };
}

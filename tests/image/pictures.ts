/** Pictures to test with, and what to compare them by. */

import fc from "fast-check";
import { type InvalidInputCode, InvalidInputError } from "../../errors.ts";
import { type Pixels, pixels } from "../../image/pixels.ts";

/** A picture with a colour computed for every pixel. */
export function draw(
  width: number,
  height: number,
  channels: 3 | 4,
  colour: (x: number, y: number) => readonly number[],
): Pixels {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(colour(x, y).slice(0, channels), (y * width + x) * channels);
    }
  }
  return pixels(width, height, channels, data);
}

/** Smooth shading, texture and one hard-edged disc: what a photo asks of a codec. */
export function photo(width: number, height: number): Pixels {
  return draw(width, height, 3, (x, y) => {
    const u = x / width, v = y / height;
    if (Math.hypot(u - 0.6, v - 0.4) < 0.2) return [220, 70 + 100 * v, 40];
    const texture = 12 * Math.sin(x * 0.9) * Math.cos(y * 0.7);
    return [60 + 120 * u + texture, 90 + 60 * Math.sin(4 * v + 2 * u) + texture, 200 - 120 * v + texture];
  });
}

/** Random pictures, noise in every channel. */
export function anyPicture(
  maxEdge: number,
  channels: fc.Arbitrary<3 | 4> = fc.constantFrom(3, 4),
): fc.Arbitrary<Pixels> {
  const edge = fc.integer({ min: 1, max: maxEdge });
  return fc.tuple(edge, edge, channels).chain(([width, height, channels]) => {
    const length = width * height * channels;
    return fc.uint8Array({ minLength: length, maxLength: length })
      .map((data) => pixels(width, height, channels, data));
  });
}

/** Peak signal-to-noise ratio between two lists of bytes, in decibels. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  let squares = 0;
  for (const [i, value] of a.entries()) squares += (value - (b[i] ?? NaN)) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}

/** The RGB of RGBA bytes. */
export function rgbOf(rgba: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(rgba).filter((_, i) => i % 4 !== 3);
}

/** For assert.throws and assert.rejects: an InvalidInputError of this code that names this path. */
export function invalid(code: InvalidInputCode, ...path: (string | number)[]): (error: unknown) => boolean {
  return (error) =>
    error instanceof InvalidInputError && error.code === code && JSON.stringify(error.path) === JSON.stringify(path);
}

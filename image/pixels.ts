/** Pictures in memory: the one form that every step of this folder takes and gives. */

import { type FieldPath, InvalidInputError } from "../errors.ts";

/** The longest edge of a picture, in pixels: WebP's limit, the lowest of the three formats. */
export const MAX_EDGE = 16_383;

/** The most pixels of a picture, 8192 x 8192: what the codecs encode without running out of WebAssembly memory. */
export const MAX_PIXELS = 2 ** 26;

/** An sRGB picture, 8 bits per channel, the rows from top to bottom: [height, width, channels]. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 3: red, green, blue. 4: and alpha, not premultiplied. */
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/**
 * A picture over `data`, without copying.
 *
 * @throws {InvalidInputError} OUT_OF_RANGE or NOT_A_NUMBER for an edge that is not a whole number from 1 to
 * {@link MAX_EDGE}; INVALID_SIZE for more than {@link MAX_PIXELS} pixels or if `data` does not hold exactly
 * width * height * channels bytes; INVALID_VALUE for other channels or data.
 *
 * @example
 * ```ts
 * const grey = pixels(2, 1, 3, new Uint8Array(6).fill(128));
 * ```
 */
export function pixels(width: number, height: number, channels: 3 | 4, data: Uint8Array): Pixels {
  checkSize(width, height);
  if (channels !== 3 && channels !== 4) {
    throw new InvalidInputError("INVALID_VALUE", ["pixels", "channels"], channels, "must be 3 or 4");
  }
  if (!(data instanceof Uint8Array)) {
    throw new InvalidInputError("INVALID_VALUE", ["pixels", "data"], typeof data, "must be a Uint8Array");
  }
  const length = width * height * channels;
  if (data.length !== length) {
    const rule = `must hold ${width} * ${height} * ${channels} = ${length} bytes`;
    throw new InvalidInputError("INVALID_SIZE", ["pixels", "data", "length"], data.length, rule);
  }
  return { width, height, channels, data };
}

/** @throws {InvalidInputError} if no {@link Pixels} can have this width and height. */
export function checkSize(width: number, height: number): void {
  checkWholeNumber(width, 1, MAX_EDGE, ["pixels", "width"]);
  checkWholeNumber(height, 1, MAX_EDGE, ["pixels", "height"]);
  if (width * height > MAX_PIXELS) {
    const rule = `must have at most ${MAX_PIXELS} pixels`;
    throw new InvalidInputError("INVALID_SIZE", ["pixels"], `${width}x${height}`, rule);
  }
}

/** @throws {InvalidInputError} NOT_A_NUMBER, or OUT_OF_RANGE unless `value` is whole and from `min` to `max`. */
export function checkWholeNumber(value: number, min: number, max: number, path: FieldPath): void {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new InvalidInputError("NOT_A_NUMBER", path, value, "must be a number");
  }
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidInputError("OUT_OF_RANGE", path, value, `must be a whole number from ${min} to ${max}`);
  }
}

/** The file formats, what each is called, and what each can hold. */

import { InvalidInputError } from "../errors.ts";
import { checkWholeNumber, type Pixels } from "./pixels.ts";
import { checkLossyTexts } from "./metadata/write_lossy_texts.ts";
import { checkText } from "./png_text.ts";

/** A file format for pictures. PNG is lossless, JPEG and WEBP are lossy here. */
export type ImageFormat = "PNG" | "JPEG" | "WEBP";

/** How to encode, beyond the format. */
export interface EncodeOptions {
  /** 1 (smallest file) to 100 (best picture), JPEG and WEBP only. Default: {@link DEFAULT_QUALITY}. */
  readonly quality?: number;
  /**
   * Metadata by keyword: what generated the picture. PNG takes any Unicode but U+0000; in JPEG and WEBP `parameters` goes
   * into Exif's user comment, `Software` and the others into XMP, which has no control characters.
   */
  readonly text?: Readonly<Record<string, string>>;
}

/** The quality of JPEG and WEBP files where none is asked for: no visible loss at normal viewing distance. */
export const DEFAULT_QUALITY = 90;

const FORMATS = {
  PNG: { mimeType: "image/png", extension: "png" },
  JPEG: { mimeType: "image/jpeg", extension: "jpg" },
  WEBP: { mimeType: "image/webp", extension: "webp" },
} as const;

/** The media type of a format, such as `image/png`. */
export function mimeType(format: ImageFormat): string {
  return FORMATS[format].mimeType;
}

/** The file name extension of a format, without a dot, such as `png`. */
export function extension(format: ImageFormat): string {
  return FORMATS[format].extension;
}

/**
 * Checks that a format can hold all that it is asked to hold.
 *
 * @throws {InvalidInputError} INVALID_VALUE for an unknown format or malformed text; NOT_A_NUMBER or OUT_OF_RANGE for
 * a quality that is not a whole number from 1 to 100; UNSUPPORTED for a quality of PNG and for transparent pixels in JPEG;
 * INVALID_SIZE for `parameters` that no JPEG file can hold.
 */
export function checkEncoding(pixels: Pixels, format: ImageFormat, options: EncodeOptions): void {
  const { quality, text } = options;
  if (!Object.hasOwn(FORMATS, format)) {
    throw new InvalidInputError("INVALID_VALUE", ["format"], format, "must be PNG, JPEG or WEBP");
  }
  if (quality !== undefined) {
    if (format === "PNG") {
      throw new InvalidInputError("UNSUPPORTED", ["quality"], quality, "must be absent: PNG is lossless");
    }
    checkWholeNumber(quality, 1, 100, ["quality"]);
  }
  if (text !== undefined) {
    checkText(text);
    if (format !== "PNG") checkLossyTexts(text, format);
  }
  if (format === "JPEG" && pixels.channels === 4) {
    const transparent = pixels.data.find((value, i) => i % 4 === 3 && value < 255);
    if (transparent !== undefined) {
      throw new InvalidInputError("UNSUPPORTED", ["pixels", "data"], `alpha ${transparent}`, "must be opaque for JPEG");
    }
  }
}

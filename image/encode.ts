/** Pixels to the bytes of a file. */

import { checkEncoding, DEFAULT_QUALITY, type EncodeOptions, type ImageFormat } from "./format.ts";
import { encodeJpeg, encodeWebp } from "./lossy.ts";
import { insertJpegTexts, insertWebpTexts } from "./metadata/write_lossy_texts.ts";
import type { Pixels } from "./pixels.ts";
import { encodePng } from "./png.ts";

/**
 * A file of the picture. The same input gives the same bytes.
 *
 * @throws {InvalidInputError} what {@link checkEncoding} throws.
 *
 * @example
 * ```ts
 * const file = await encodeImage(picture, "PNG", { text: { parameters: "a red fox, steps: 20" } });
 * ```
 */
export async function encodeImage(
  source: Pixels,
  format: ImageFormat,
  options: EncodeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkEncoding(source, format, options);
  const quality = options.quality ?? DEFAULT_QUALITY;
  const text = options.text ?? {};
  const plain = Object.keys(text).length === 0;
  switch (format) {
    case "PNG":
      return encodePng(source, text);
    case "JPEG": {
      const file = await encodeJpeg(source, quality);
      return plain ? file : insertJpegTexts(file, text);
    }
    case "WEBP": {
      const file = await encodeWebp(source, quality);
      return plain ? file : insertWebpTexts(file, source, text);
    }
  }
}

/** The texts of a picture file, of which nothing need be trusted and no pixel is decoded. */

import { stands, unreadable } from "../magic.ts";
import { isPng } from "../png_check.ts";
import { readJpegTexts } from "./jpeg_texts.ts";
import type { PictureText } from "./picture_text.ts";
import { readPngTexts } from "./png_texts.ts";
import { readWebpTexts } from "./webp_texts.ts";

/**
 * The texts of a PNG, JPEG or WebP file, told by its first bytes, in their order.
 *
 * @throws {InvalidInputError} at `image`: INVALID_VALUE for any other file and for one that is cut short, INVALID_SIZE for
 * one with more than 1,048,576 bytes of text, unpacked.
 */
export function readPictureTexts(bytes: Uint8Array): readonly PictureText[] {
  if (isPng(bytes)) return readPngTexts(bytes);
  if (stands("\xff\xd8\xff", bytes, 0)) return readJpegTexts(bytes);
  if (stands("RIFF", bytes, 0) && stands("WEBP", bytes, 8)) return readWebpTexts(bytes);
  throw unreadable(bytes, "must be a PNG, JPEG or WebP file");
}

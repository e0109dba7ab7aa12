/** Texts of WebP files. Source: RFC 9649, section 2. */

import { stands, unreadable } from "../magic.ts";
import { latin1 } from "../png_chunks.ts";
import { readExif } from "./exif.ts";
import { MAX_TEXT_BYTES, type PictureText, tooMuchText } from "./picture_text.ts";
import { readXmp } from "./xmp.ts";

/**
 * The texts of the chunks EXIF and XMP, in their order.
 * @throws {InvalidInputError} INVALID_VALUE for a file that is shorter than it says; INVALID_SIZE for more text than
 * {@link MAX_TEXT_BYTES}.
 */
export function readWebpTexts(bytes: Uint8Array): readonly PictureText[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = () => unreadable(bytes, "must be a complete WebP file");
  const end = view.getUint32(4, true) + 8;
  if (end > bytes.length) throw fail();
  const texts: PictureText[] = [];
  for (let at = 12; at + 8 <= end;) {
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > end) throw fail();
    const data = bytes.subarray(at + 8, at + 8 + size);
    texts.push(...readChunk(latin1(bytes.subarray(at, at + 4)), data));
    at += 8 + size + size % 2;
  }
  return texts;
}

function readChunk(type: string, data: Uint8Array): readonly PictureText[] {
  if (type !== "EXIF" && type !== "XMP ") return [];
  if (data.length > MAX_TEXT_BYTES) throw tooMuchText(type.trim());
  if (type === "XMP ") return readXmp(new TextDecoder().decode(data));
  // Some writers put the beginning of JPEG's segment before the block.
  return readExif(stands("Exif\0\0", data, 0) ? data.subarray(6) : data);
}

/** Texts of PNG files. Source: https://www.w3.org/TR/png-3/#11textinfo */

import { inflateSync } from "node:zlib";
import { unreadable } from "../magic.ts";
import { type Chunk, chunks, latin1 } from "../png_chunks.ts";
import { readExif } from "./exif.ts";
import { MAX_TEXT_BYTES, type PictureText, tooMuchText } from "./picture_text.ts";
import { readXmp } from "./xmp.ts";

/** IEND with its length, type and checksum. */
const END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

/** The keyword of XMP in an iTXt chunk. Source: XMP specification part 3, section 1.1.5. */
const XMP = "XML:com.adobe.xmp";

/**
 * The texts of tEXt, zTXt, iTXt and eXIf chunks, in their order.
 * @throws {InvalidInputError} INVALID_VALUE for a file that does not end as PNG files do, or whose compressed text does not
 * unpack; INVALID_SIZE for more text than {@link MAX_TEXT_BYTES}.
 */
export function readPngTexts(bytes: Uint8Array): readonly PictureText[] {
  if (!endsSoundly(bytes)) throw unreadable(bytes, "must be a complete PNG file");
  const texts: PictureText[] = [];
  let left = MAX_TEXT_BYTES;
  for (const chunk of chunks(bytes)) {
    const found = chunk.type === "eXIf" ? readExif(chunk.data) : readTextChunk(chunk, left, bytes);
    for (const text of found) {
      left -= text.text.length;
      if (left < 0) throw tooMuchText(text.keyword);
      texts.push(text);
    }
  }
  return texts;
}

/** Whether the chunks lead to IEND; bytes behind it, which some tools add, do no harm. */
function endsSoundly(bytes: Uint8Array): boolean {
  let at = 8;
  for (const { data } of chunks(bytes)) at += data.length + 12;
  return END.every((byte, i) => bytes[at + i] === byte);
}

function readTextChunk({ type, data }: Chunk, left: number, file: Uint8Array): readonly PictureText[] {
  const keywordEnd = data.indexOf(0);
  if (keywordEnd < 1 || !["tEXt", "zTXt", "iTXt"].includes(type)) return [];
  const keyword = latin1(data.subarray(0, Math.min(keywordEnd, 79)));
  const unpacked = (packed: Uint8Array) => unpack(packed, keyword, left, file);
  const limited = (plain: Uint8Array) => {
    if (plain.length > left) throw tooMuchText(keyword);
    return plain;
  };
  if (type === "tEXt") return [{ keyword, text: tolerantText(limited(data.subarray(keywordEnd + 1))) }];
  if (type === "zTXt") return [{ keyword, text: tolerantText(unpacked(data.subarray(keywordEnd + 2))) }];
  // Past the compression flag and method come the language tag and the translated keyword, each ended by a zero.
  const languageEnd = data.indexOf(0, keywordEnd + 3);
  const translationEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translationEnd < 0) return [];
  const rest = data.subarray(translationEnd + 1);
  const text = new TextDecoder().decode(data[keywordEnd + 1] === 1 ? unpacked(rest) : limited(rest));
  return keyword === XMP ? readXmp(text) : [{ keyword, text }];
}

/** Latin-1, as the specification has it; or UTF-8, which some tools write there, where it is. */
function tolerantText(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte < 0x80)) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

function unpack(packed: Uint8Array, keyword: string, left: number, file: Uint8Array): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(1, left) });
  } catch (error) {
    if (error instanceof RangeError) throw tooMuchText(keyword);
    throw unreadable(file, `must have compressed text that unpacks, unlike that of ${JSON.stringify(keyword)}`);
  }
}

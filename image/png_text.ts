/**
 * Metadata in PNG files. The codec writes none, and of the chunks for it only iTXt holds Unicode, so the chunks are
 * inserted into and read from the finished file. Source: https://www.w3.org/TR/png-3/#11textinfo
 */

import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { InvalidInputError } from "../errors.ts";
import { chunks, latin1 } from "./png_chunks.ts";

/** Where the first chunk after IHDR starts: the signature takes 8 bytes, IHDR 25. */
const AFTER_HEADER = 33;

/** The keyword's grammar: 1 to 79 printable Latin-1 characters, single spaces only between them. */
const KEYWORD = /^(?=.{1,79}$)[!-~¡-ÿ]+( [!-~¡-ÿ]+)*$/;

/**
 * @throws {InvalidInputError} INVALID_VALUE for a keyword that is not 1 to 79 printable Latin-1 characters with single
 * spaces only between them, or for text that is not well-formed Unicode without U+0000.
 */
export function checkText(text: Readonly<Record<string, string>>): void {
  for (const [keyword, value] of Object.entries(text)) {
    if (!KEYWORD.test(keyword)) {
      const rule = "must have 1 to 79 printable Latin-1 characters as its keyword, single spaces only between them";
      throw new InvalidInputError("INVALID_VALUE", ["text", keyword], keyword, rule);
    }
    if (typeof value !== "string" || value.includes("\0") || !value.isWellFormed()) {
      throw new InvalidInputError("INVALID_VALUE", ["text", keyword], value, "must be Unicode text without U+0000");
    }
  }
}

/** The PNG file with an uncompressed iTXt chunk per keyword, in order, before its pixels. */
export function insertText(png: Uint8Array, text: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const inserted = Object.entries(text).map(([keyword, value]) => iTXt(keyword, value));
  return new Uint8Array(Buffer.concat([png.subarray(0, AFTER_HEADER), ...inserted, png.subarray(AFTER_HEADER)]));
}

/**
 * The text of a well-formed PNG file by keyword, from tEXt and iTXt chunks; of a keyword's values the last. Compressed
 * text is left out: it could unpack to a thousand times its size.
 */
export function readText(png: Uint8Array): Record<string, string> {
  const found: [string, string][] = [];
  for (const { type, data } of chunks(png)) {
    const keywordEnd = data.indexOf(0);
    if (keywordEnd < 1) continue;
    const keyword = latin1(data.subarray(0, keywordEnd));
    if (type === "tEXt") {
      found.push([keyword, latin1(data.subarray(keywordEnd + 1))]);
    } else if (type === "iTXt" && data[keywordEnd + 1] === 0) {
      // Past the compression flag and method come the language tag and the translated keyword, each ended by a zero.
      const languageEnd = data.indexOf(0, keywordEnd + 3);
      const translationEnd = data.indexOf(0, languageEnd + 1);
      if (languageEnd < 0 || translationEnd < 0) continue;
      found.push([keyword, new TextDecoder().decode(data.subarray(translationEnd + 1))]);
    }
  }
  // Unlike assignment, this keeps a keyword such as __proto__ an ordinary one.
  return Object.fromEntries(found);
}

function iTXt(keyword: string, value: string): Uint8Array {
  const text = new TextEncoder().encode(value);
  // The keyword, its end, uncompressed, method 0, an empty language tag, an empty translated keyword.
  const header = Uint8Array.from(`${keyword}\0\0\0\0\0`, (character) => character.charCodeAt(0));
  const length = header.length + text.length;
  const chunk = new Uint8Array(length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, length);
  chunk.set([0x69, 0x54, 0x58, 0x74], 4);
  chunk.set(header, 8);
  chunk.set(text, 8 + header.length);
  view.setUint32(8 + length, crc32(chunk.subarray(4, 8 + length)));
  return chunk;
}

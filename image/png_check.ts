/**
 * What must hold before a PNG file is decoded. The decoder trusts the header: it fills missing rows with black, and
 * would unpack a small file into any amount of memory.
 */

import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { InvalidInputError } from "../errors.ts";
import { checkSize } from "./pixels.ts";
import { chunks } from "./png_chunks.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Samples per pixel by colour type: grey, colour, palette, grey with alpha, colour with alpha. */
const SAMPLES = new Map([[0, 1], [2, 3], [3, 1], [4, 2], [6, 4]]);

/**
 * The size that a PNG file declares, once its compressed data has been seen to hold exactly that many pixels.
 *
 * @throws {InvalidInputError} INVALID_VALUE if it does not; OUT_OF_RANGE or INVALID_SIZE for a size that no
 * `Pixels` can have; UNSUPPORTED for an interlaced file.
 */
export function checkPng(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  // The signature, then IHDR: length, type, 13 bytes, checksum.
  if (bytes.length < 33 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw notPng(bytes, "it has no PNG header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const width = view.getUint32(16), height = view.getUint32(20);
  checkSize(width, height);
  const samples = SAMPLES.get(view.getUint8(25));
  if (samples === undefined) throw notPng(bytes, "its colour type is unknown");
  if (view.getUint8(28) !== 0) throw new InvalidInputError("UNSUPPORTED", ["png"], "Adam7", "must not be interlaced");
  // Each row starts with its filter's type.
  const length = height * (1 + Math.ceil(width * samples * view.getUint8(24) / 8));
  if (inflatedLength(bytes, length) !== length) throw notPng(bytes, "its rows are not as many as it declares");
  return { width, height };
}

/** The error for bytes that are no PNG file, and why. */
export function notPng(bytes: Uint8Array, reason: string): InvalidInputError {
  return new InvalidInputError("INVALID_VALUE", ["png"], `${bytes.length} bytes`, `must be a PNG file (${reason})`);
}

function inflatedLength(bytes: Uint8Array, maxLength: number): number {
  const compressed = [...chunks(bytes)].filter(({ type }) => type === "IDAT").map(({ data }) => data);
  try {
    return inflateSync(Buffer.concat(compressed), { maxOutputLength: maxLength }).length;
  } catch (error) {
    throw notPng(bytes, error instanceof Error ? error.message : String(error));
  }
}

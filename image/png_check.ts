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

/** The grids of Adam7: first column and row, and the steps between columns and rows. W3C PNG, section 8.1. */
const ADAM7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [
  0,
  1,
  1,
  2,
]] as const;

/** A width and a height, in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a file begins as PNG files do. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * The size in a PNG file's header.
 * @throws {InvalidInputError} INVALID_VALUE if it has none.
 */
export function readPngHeader(bytes: Uint8Array): Size {
  // The signature, then IHDR: length, type, 13 bytes, checksum.
  if (bytes.length < 33 || !isPng(bytes)) throw notPng(bytes, "it has no PNG header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * The size that a PNG file declares, once its compressed data has been seen to hold exactly that many pixels.
 *
 * @throws {InvalidInputError} INVALID_VALUE if it does not; OUT_OF_RANGE or INVALID_SIZE for a size that no
 * `Pixels` can have.
 */
export function checkPng(bytes: Uint8Array): Size {
  const { width, height } = readPngHeader(bytes);
  checkSize(width, height);
  const [depth = 0, colourType = -1, , , interlace] = bytes.subarray(24);
  const samples = SAMPLES.get(colourType);
  if (samples === undefined) throw notPng(bytes, "its colour type is unknown");
  const bits = samples * depth;
  const length = interlace === 0 ? unpackedLength({ width, height }, bits) : interlacedLength({ width, height }, bits);
  if (inflatedLength(bytes, length) !== length) throw notPng(bytes, "its rows are not as many as it declares");
  return { width, height };
}

/** Bytes of all rows, each of which starts with its filter's type. */
function unpackedLength({ width, height }: Size, bits: number): number {
  return height * (1 + Math.ceil(width * bits / 8));
}

function interlacedLength({ width, height }: Size, bits: number): number {
  const passes = ADAM7.map(([x, y, dx, dy]) => ({
    width: Math.ceil((width - x) / dx),
    height: Math.ceil((height - y) / dy),
  }));
  return passes.filter((pass) => pass.width > 0 && pass.height > 0)
    .reduce((sum, pass) => sum + unpackedLength(pass, bits), 0);
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

/** The size of a WebP file, and whether it is of a kind that is decoded. Source: RFC 9649. */

import { InvalidInputError } from "../errors.ts";
import { stands, unreadable } from "./magic.ts";

/** Of the flags in VP8X: the file is an animation. */
const ANIMATION = 0x02;

/**
 * The size that the first chunk declares, in pixels.
 * @throws {InvalidInputError} INVALID_VALUE if the file is shorter than it says or has no picture; UNSUPPORTED for an
 * animation.
 */
export function readWebpHeader(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Every first chunk has at least 30 bytes up to the end of its size, but for lossless ones: 25.
  if (bytes.length < 25 || view.getUint32(4, true) + 8 > bytes.length) throw incomplete(bytes);
  if (stands("VP8L", bytes, 12) && bytes[20] === 0x2f) {
    const packed = view.getUint32(21, true);
    return { width: 1 + (packed & 0x3fff), height: 1 + (packed >>> 14 & 0x3fff) };
  }
  if (bytes.length < 30) throw incomplete(bytes);
  if (stands("VP8 ", bytes, 12) && stands("\x9d\x01\x2a", bytes, 23)) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (stands("VP8X", bytes, 12)) {
    if ((view.getUint8(20) & ANIMATION) !== 0) {
      throw new InvalidInputError("UNSUPPORTED", ["image"], "an animation", "must be a WebP file of one picture");
    }
    return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  }
  throw incomplete(bytes);
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | view.getUint8(at + 2) << 16;
}

function incomplete(bytes: Uint8Array): InvalidInputError {
  return unreadable(bytes, "must be a complete WebP file");
}

/** The size of a JPEG file, and whether it is of a kind that is decoded. Source: ITU-T T.81, annex B. */

import { InvalidInputError } from "../errors.ts";
import { unreadable } from "./magic.ts";

/** Start of frame: baseline, extended sequential, progressive. The others are lossless, hierarchical or arithmetic. */
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];
/** In this range, these are no frames: Huffman tables, reserved, arithmetic conditioning. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/**
 * The size that the frame declares, in pixels.
 * @throws {InvalidInputError} INVALID_VALUE if there is no frame, no scan or no end: the decoder would fill up with grey;
 * UNSUPPORTED for other kinds of frames than baseline and progressive ones, of 8 bits, grey or of three components.
 */
export function readJpegHeader(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: { readonly width: number; readonly height: number } | undefined;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) break;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) { // fill bytes may stand before a marker
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) break;
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker)) {
      if (size !== undefined || length < 8) break;
      checkFrame(marker, view.getUint8(at + 4), view.getUint8(at + 9));
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (marker === START_OF_SCAN) {
      if (size === undefined || !hasEnd(bytes, end)) break;
      return size;
    }
    at = end;
  }
  throw unreadable(bytes, "must be a complete JPEG file");
}

function checkFrame(marker: number, bits: number, components: number): void {
  if (DECODED_FRAMES.includes(marker) && bits === 8 && (components === 1 || components === 3)) return;
  const kind = `frame type ${marker - 0xc0}, ${bits} bits, ${components} components`;
  const rule = "must be a baseline or progressive JPEG file of 8 bits, grey or in three components";
  throw new InvalidInputError("UNSUPPORTED", ["image"], kind, rule);
}

/** Within a scan's data a byte 0xff is always followed by 0 or by a marker, so this pair is the end of the image. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === END_OF_IMAGE) return true;
  }
  return false;
}

/** PNG files, with pngjs: it filters each row, so pictures take half the space of what other encoders write. */

import { Buffer } from "node:buffer";
// @ts-types="@types/pngjs"
import { PNG } from "pngjs";
import { type Pixels, pixels } from "./pixels.ts";
import { checkPng, notPng } from "./png_check.ts";
import { chunks } from "./png_chunks.ts";
import { insertText, readText } from "./png_text.ts";

/** PNG's colour types of three and four channels. */
const COLOUR_TYPE = { 3: 2, 4: 6 } as const;

/** A PNG file of the picture with the text by keyword. Expects what `checkEncoding` accepts. */
export function encodePng(source: Pixels, text: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const { width, height, channels, data } = source;
  const png = new PNG();
  png.width = width;
  png.height = height;
  png.data = Buffer.from(data.buffer, data.byteOffset, data.length);
  const colorType = COLOUR_TYPE[channels];
  const file = PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: channels === 4 });
  return insertText(file, text);
}

/** What a PNG file holds. */
export interface DecodedPng {
  /** Four channels if the file declares transparency, else three; 16 bits are scaled to 8, grey becomes colour. */
  readonly pixels: Pixels;
  /** Uncompressed text by keyword. */
  readonly text: Readonly<Record<string, string>>;
}

/**
 * Reads a PNG file, of which nothing need be trusted: memory is taken only for the pixels it declares, up to
 * MAX_PIXELS.
 *
 * @throws {InvalidInputError} INVALID_VALUE if the bytes are no sound PNG file; OUT_OF_RANGE or INVALID_SIZE for a
 * picture larger than {@link Pixels} can be.
 */
export function decodePng(bytes: Uint8Array): DecodedPng {
  const { pixels: rgba, alpha } = decodePngPixels(bytes);
  return {
    pixels: alpha ? rgba : withoutAlpha(rgba),
    text: readText(bytes),
  };
}

/** What a PNG file shows, in four channels, and whether it declares transparency. Throws what `decodePng` throws. */
export function decodePngPixels(bytes: Uint8Array): { readonly pixels: Pixels; readonly alpha: boolean } {
  const { width, height } = checkPng(bytes);
  try {
    const decoded = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    // pngjs does not count a transparent colour as alpha, though it applies it.
    const alpha = decoded.alpha || chunks(bytes).some(({ type }) => type === "tRNS");
    const data = new Uint8Array(decoded.data.buffer, decoded.data.byteOffset, decoded.data.length);
    return { pixels: pixels(width, height, 4, data), alpha };
  } catch (error) {
    throw notPng(bytes, error instanceof Error ? error.message : String(error));
  }
}

function withoutAlpha({ width, height, data: rgba }: Pixels): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return pixels(width, height, 3, rgb);
}

/** Image files that strangers sent to pixels: size first, then contents, and nothing but pixels or a typed error comes of it. */

import { InvalidInputError } from "../errors.ts";
import type { ImageFormat } from "./format.ts";
import { type ImageHeader, readHeader } from "./header.ts";
import { decodeJpeg, decodeWebp } from "./lossy_decode.ts";
import { unreadable } from "./magic.ts";
import { MAX_EDGE, type Pixels } from "./pixels.ts";
import { decodePngPixels } from "./png.ts";

/** What a file holds. */
export interface DecodedFile {
  /** By its first bytes. */
  readonly format: ImageFormat;
  /** Always four channels, not premultiplied. */
  readonly pixels: Pixels;
}

/**
 * Decodes a PNG, JPEG or WebP file. Its size is checked before anything is unpacked.
 *
 * @param maxPixels The most pixels that a picture may have.
 * @throws {InvalidInputError} at `image`: INVALID_SIZE for a picture that is too large, UNSUPPORTED for a kind of file
 * that is not decoded here, INVALID_VALUE for every other file.
 */
export async function decodeImage(bytes: Uint8Array, maxPixels: number): Promise<DecodedFile> {
  try {
    const header = readHeader(bytes);
    checkHeader(header, maxPixels);
    return { format: header.format, pixels: await decode(bytes, header.format) };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(error.code, ["image"], error.value, error.rule);
  }
}

function checkHeader({ width, height }: ImageHeader, maxPixels: number): void {
  const fail = (rule: string): never => {
    throw new InvalidInputError("INVALID_SIZE", ["image"], `${width} x ${height} pixels`, rule);
  };
  if (width * height > maxPixels) fail(`must have at most ${maxPixels} pixels`);
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_EDGE) {
    fail(`must have edges of 1 to ${MAX_EDGE} pixels`);
  }
}

async function decode(bytes: Uint8Array, format: ImageFormat): Promise<Pixels> {
  try {
    switch (format) {
      case "PNG":
        return decodePngPixels(bytes).pixels;
      case "JPEG":
        return await decodeJpeg(bytes);
      case "WEBP":
        return await decodeWebp(bytes);
    }
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(bytes, `must be a sound ${format} file (${reason})`);
  }
}

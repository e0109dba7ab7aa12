/**
 * What an image file says of itself before any of it is decoded: its format, by its first bytes and not by its name, and
 * its size. Nothing here is taken on trust but the size, which the decoders hold a file to.
 */

import type { ImageFormat } from "./format.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { stands, unreadable } from "./magic.ts";
import { isPng, readPngHeader } from "./png_check.ts";
import { readWebpHeader } from "./webp_header.ts";

/** A file's format and the size that it declares. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** In pixels; not checked, 0 included. */
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the header of a PNG, JPEG or WebP file.
 * @throws {InvalidInputError} INVALID_VALUE for anything else, and for a file of these formats that ends too soon;
 * UNSUPPORTED for a kind of JPEG or WebP file that is not decoded here.
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  if (isPng(bytes)) return { format: "PNG", ...readPngHeader(bytes) };
  if (stands("\xff\xd8\xff", bytes, 0)) return { format: "JPEG", ...readJpegHeader(bytes) };
  if (stands("RIFF", bytes, 0) && stands("WEBP", bytes, 8)) return { format: "WEBP", ...readWebpHeader(bytes) };
  throw unreadable(bytes, "must be a PNG, JPEG or WebP file");
}

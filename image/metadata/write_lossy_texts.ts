/** Texts in JPEG and WebP files, inserted into the finished file: the codecs write none. */

import { Buffer } from "node:buffer";
import { InvalidInputError } from "../../errors.ts";
import { exifComment } from "./write_exif.ts";
import { checkXmp, extendedXmp, xmpPacket } from "./write_xmp.ts";

/** The keyword of web UIs, whose place in these files is Exif's user comment. */
const PARAMETERS = "parameters";

/** The most that a JPEG segment holds behind its two bytes of length. */
const SEGMENT = 65_533;
const EXIF_HEAD = "Exif\0\0";
const XMP_HEAD = "http://ns.adobe.com/xap/1.0/\0";
const EXTENSION_HEAD = "http://ns.adobe.com/xmp/extension/\0";

/** The most of an extension in one segment, behind its head, 32 digits, its length and its offset. */
const EXTENSION_PART = SEGMENT - EXTENSION_HEAD.length - 40;

/** The most characters of a web UI's text in a JPEG file, in UTF-16. */
export const MAX_JPEG_PARAMETERS = Math.floor((SEGMENT - EXIF_HEAD.length - 52) / 2);

/**
 * Checks that a file of the format can hold the texts.
 * @throws {InvalidInputError} INVALID_SIZE for more than {@link MAX_JPEG_PARAMETERS} characters of `parameters` in a JPEG
 * file; INVALID_VALUE for what XMP cannot hold.
 */
export function checkLossyTexts(texts: Readonly<Record<string, string>>, format: "JPEG" | "WEBP"): void {
  const { [PARAMETERS]: parameters = "", ...others } = texts;
  if (format === "JPEG" && parameters.length > MAX_JPEG_PARAMETERS) {
    const rule = `must have at most ${MAX_JPEG_PARAMETERS} characters in a JPEG file`;
    throw new InvalidInputError("INVALID_SIZE", ["text", PARAMETERS], `${parameters.length} characters`, rule);
  }
  checkXmp(others);
}

/**
 * A JPEG file with texts by keyword: `parameters` as Exif's user comment, the others as XMP, in an extended packet where
 * a segment is too short. Source: XMP specification part 3, section 1.1.3.
 */
export function insertJpegTexts(jpeg: Uint8Array, texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const { [PARAMETERS]: parameters, ...others } = texts;
  const segments: Uint8Array[] = [];
  if (parameters !== undefined) segments.push(app1(EXIF_HEAD, exifComment(parameters)));
  if (Object.keys(others).length > 0) segments.push(...xmpSegments(others));
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]));
}

function xmpSegments(texts: Readonly<Record<string, string>>): Uint8Array[] {
  const whole = new TextEncoder().encode(xmpPacket(texts));
  if (XMP_HEAD.length + whole.length <= SEGMENT) return [app1(XMP_HEAD, whole)];
  const { packet, guid, extension } = extendedXmp(texts);
  const segments = [app1(XMP_HEAD, new TextEncoder().encode(packet))];
  for (let offset = 0; offset < extension.length; offset += EXTENSION_PART) {
    const place = new Uint8Array(8);
    new DataView(place.buffer).setUint32(0, extension.length);
    new DataView(place.buffer).setUint32(4, offset);
    const part = extension.subarray(offset, offset + EXTENSION_PART);
    segments.push(app1(EXTENSION_HEAD + guid, Buffer.concat([place, part])));
  }
  return segments;
}

function app1(head: string, data: Uint8Array): Uint8Array {
  const start = Buffer.from([0xff, 0xe1, 0, 0]);
  start.writeUInt16BE(2 + head.length + data.length, 2);
  return Buffer.concat([start, Buffer.from(head, "latin1"), data]);
}

/** Flags of the header that files with more than pixels begin with. */
const ALPHA = 0x10, EXIF = 0x08, XMP = 0x04;

/**
 * A WebP file with texts by keyword, in the same places. Source: RFC 9649, sections 2.5 to 2.7.
 * @param webp A file of one picture, as libwebp writes it.
 * @param size Of the picture, in pixels.
 */
export function insertWebpTexts(
  webp: Uint8Array,
  size: { readonly width: number; readonly height: number },
  texts: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const { [PARAMETERS]: parameters, ...others } = texts;
  const exif = parameters === undefined ? null : exifComment(parameters);
  const xmp = Object.keys(others).length === 0 ? null : new TextEncoder().encode(xmpPacket(others));
  // Behind RIFF, its size and WEBP: the pixels, and before them a header where the file has transparency.
  const extended = webp[15] === 0x58;
  const header = Buffer.alloc(10);
  header[0] = (extended ? (webp[20] ?? 0) & ALPHA : 0) | (exif === null ? 0 : EXIF) | (xmp === null ? 0 : XMP);
  header.writeUIntLE(size.width - 1, 4, 3);
  header.writeUIntLE(size.height - 1, 7, 3);
  const chunks = [
    chunk("VP8X", header),
    webp.subarray(extended ? 30 : 12),
    ...(exif === null ? [] : [chunk("EXIF", exif)]),
    ...(xmp === null ? [] : [chunk("XMP ", xmp)]),
  ];
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const start = Buffer.from("RIFF\0\0\0\0");
  start.writeUInt32LE(body.length, 4);
  return new Uint8Array(Buffer.concat([start, body]));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const head = Buffer.from(`${type}\0\0\0\0`);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, new Uint8Array(data.length % 2)]);
}

/**
 * Texts of JPEG files. Sources: ITU-T T.81, annex B; Exif 2.32, section 4.5.4; XMP specification part 3, sections 1.1.3
 * and 1.1.3.1.
 */

import { Buffer } from "node:buffer";
import { stands, unreadable } from "../magic.ts";
import { readExif } from "./exif.ts";
import { MAX_TEXT_BYTES, type PictureText, tooMuchText } from "./picture_text.ts";
import { readXmp } from "./xmp.ts";

const APP1 = 0xe1, COMMENT = 0xfe, START_OF_SCAN = 0xda, END_OF_IMAGE = 0xd9;
const EXIF = "Exif\0\0";
const XMP = "http://ns.adobe.com/xap/1.0/\0";
const EXTENSION = "http://ns.adobe.com/xmp/extension/\0";
/** What names the packet that other segments hold. */
const EXTENDED = "XMP HasExtendedXMP";

/**
 * The texts of the segments before the picture's data, in their order: Exif, XMP and comments.
 * @throws {InvalidInputError} INVALID_VALUE for a file whose segments do not lead to that data; INVALID_SIZE for more text
 * than {@link MAX_TEXT_BYTES}.
 */
export function readJpegTexts(bytes: Uint8Array): readonly PictureText[] {
  const texts: PictureText[] = [];
  const extensions = new ExtendedPackets();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = MAX_TEXT_BYTES;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) { // fill bytes may stand before a marker
      at++;
      continue;
    }
    if (marker === START_OF_SCAN) {
      return texts.flatMap((text) => text.keyword === EXTENDED ? extensions.read(text) : [text]);
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === END_OF_IMAGE || end > bytes.length || end < at + 4) break;
    const data = bytes.subarray(at + 4, end);
    if (marker === APP1 && stands(EXTENSION, data, 0)) extensions.add(data.subarray(EXTENSION.length));
    for (const text of readSegment(marker, data)) {
      left -= text.text.length;
      if (left < 0) throw tooMuchText(text.keyword);
      texts.push(text);
    }
    at = end;
  }
  throw unreadable(bytes, "must be a complete JPEG file");
}

function readSegment(marker: number, data: Uint8Array): readonly PictureText[] {
  if (marker === COMMENT) return [{ keyword: "comment", text: new TextDecoder().decode(data).replace(/\0+$/, "") }];
  if (marker !== APP1) return [];
  if (stands(EXIF, data, 0)) return readExif(data.subarray(EXIF.length));
  return stands(XMP, data, 0) ? readXmp(new TextDecoder().decode(data.subarray(XMP.length))) : [];
}

/** A part of a packet, and where in it. */
interface PacketPart {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Packets of XMP that are spread over segments: 32 digits of a name, the packet's length, a part's offset, the part. */
class ExtendedPackets {
  readonly #parts = new Map<string, PacketPart[]>();
  #bytes = 0;

  /** Takes a segment's part; those of a packet may come in any order. */
  add(segment: Uint8Array): void {
    this.#bytes += segment.length;
    if (this.#bytes > MAX_TEXT_BYTES) throw tooMuchText("XMP");
    if (segment.length < 40) return;
    const guid = new TextDecoder().decode(segment.subarray(0, 32));
    const offset = new DataView(segment.buffer, segment.byteOffset).getUint32(36);
    this.#parts.set(guid, [...this.#parts.get(guid) ?? [], { offset, bytes: segment.subarray(40) }]);
  }

  /** The texts of the packet that is named; none where it is not there as a whole. */
  read({ text: guid }: PictureText): readonly PictureText[] {
    const parts = (this.#parts.get(guid.trim()) ?? []).toSorted((a, b) => a.offset - b.offset);
    let end = 0;
    for (const { offset, bytes } of parts) {
      if (offset !== end) return [];
      end += bytes.length;
    }
    return parts.length === 0 ? [] : readXmp(new TextDecoder().decode(Buffer.concat(parts.map(({ bytes }) => bytes))));
  }
}

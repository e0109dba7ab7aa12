/** Texts in XMP packets. Source: ISO 16684-1. */

import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import ExifReader from "exifreader";
import { type PictureText, tooMuchText } from "./picture_text.ts";
import { ownProperties } from "./write_xmp.ts";

/** Characters of a packet: trees take far more memory, and time, than texts. */
const MAX_PACKET = 2 ** 17;

/**
 * The texts of a packet's properties, each under `XMP` and its name; none of a packet that is broken.
 * @throws {InvalidInputError} INVALID_SIZE for a packet of more than 131,072 characters that Parterre did not write.
 */
export function readXmp(packet: string): readonly PictureText[] {
  const own = ownProperties(packet);
  if (own !== undefined) return own.map(([name, text]) => ({ keyword: `XMP ${name}`, text }));
  if (packet.length > MAX_PACKET) throw tooMuchText("XMP");
  const tags = load(packet);
  return Object.entries(tags).flatMap(([name, tag]): PictureText[] => {
    if (name === "_raw" || typeof tag !== "object" || tag === null || !("description" in tag)) return [];
    const { description } = tag;
    return typeof description === "string" && description.trim() !== ""
      ? [{ keyword: `XMP ${name}`, text: description }]
      : [];
  });
}

function load(packet: string): Readonly<Record<string, unknown>> {
  try {
    const domParser = new DOMParser({ onError: onErrorStopParsing });
    const { buffer } = new TextEncoder().encode(packet);
    return ExifReader.load(buffer, { expanded: true, domParser }).xmp ?? {};
  } catch {
    return {}; // both libraries throw errors of their own for what is no packet
  }
}

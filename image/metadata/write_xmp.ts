/** Writing XMP packets. Sources: ISO 16684-1; XMP specification part 3, section 1.1.3, for packets of several segments. */

import { createHash } from "node:crypto";
import { InvalidInputError } from "../../errors.ts";

/** The namespace of Parterre's own properties. */
const NAMESPACE = "urn:parterre:picture:";

/** Names that XML has for elements, of its plain letters. */
const NAME = /^[A-Za-z_][\w.-]*$/;

/** What XML 1.0 has no way to write, section 2.2, and the line ends that its readers change. */
// deno-lint-ignore no-control-regex
const NOT_XML = /[\0-\x08\x0b-\x1f\ufffe\uffff]/u;

/**
 * Checks that XMP can hold texts by keyword.
 * @throws {InvalidInputError} INVALID_VALUE for a keyword that is no name of an XML element, and for a text with control
 * characters other than tab and line feed, U+FFFE or U+FFFF.
 */
export function checkXmp(texts: Readonly<Record<string, string>>): void {
  for (const [keyword, text] of Object.entries(texts)) {
    const path = ["text", keyword];
    if (!NAME.test(keyword)) {
      throw new InvalidInputError("INVALID_VALUE", path, keyword, "must be the name of an XML element in XMP");
    }
    if (NOT_XML.test(text)) {
      throw new InvalidInputError("INVALID_VALUE", path, text, "must have no control characters in XMP");
    }
  }
}

/** A packet of texts by keyword, `Software` as the tool that created the picture. Expects what {@link checkXmp} accepts. */
export function xmpPacket(texts: Readonly<Record<string, string>>): string {
  return wrapped(propertiesOf(texts));
}

/** A packet in two parts, for files whose segments are short. */
export interface ExtendedXmp {
  /** Names the other part. */
  readonly packet: string;
  /** MD5 of the other part in capital hexadecimal digits. */
  readonly guid: string;
  readonly extension: Uint8Array;
}

/** The same texts, all of them in the extension. */
export function extendedXmp(texts: Readonly<Record<string, string>>): ExtendedXmp {
  const extension = new TextEncoder().encode(tree(propertiesOf(texts)));
  const guid = createHash("md5").update(extension).digest("hex").toUpperCase();
  const note = `<xmpNote:HasExtendedXMP xmlns:xmpNote="http://ns.adobe.com/xmp/note/">${guid}</xmpNote:HasExtendedXMP>`;
  return { packet: wrapped(note), guid, extension };
}

function propertiesOf(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).map(([keyword, text]) => {
    const name = keyword === "Software" ? "xmp:CreatorTool" : `parterre:${keyword}`;
    return `<${name}>${escaped(text)}</${name}>`;
  }).join("");
}

function wrapped(properties: string): string {
  const open = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>`;
  return `${open}\n${tree(properties)}\n<?xpacket end="r"?>`;
}

/** What stands before and behind the properties in every packet of Parterre's. */
const BEFORE = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
  `<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:parterre="${NAMESPACE}">`;
const BEHIND = "</rdf:Description></rdf:RDF></x:xmpmeta>";

function tree(properties: string): string {
  return BEFORE + properties + BEHIND;
}

const PROPERTY = /<(?:parterre|xmp|xmpNote):([\w.-]+)[^<>]*>([^<]*)<\/[\w:.-]+>/gy;

/**
 * The properties of a packet that is as Parterre writes it, by name, whatever its length: that takes no tree. Undefined
 * for any other packet, which may say the same in other words.
 */
export function ownProperties(packet: string): readonly (readonly [name: string, text: string])[] | undefined {
  const start = packet.indexOf(BEFORE);
  if (start === -1) return undefined;
  const inner = start + BEFORE.length;
  const found: [string, string][] = [];
  let end = inner;
  for (const match of packet.slice(inner).matchAll(PROPERTY)) {
    const [whole, name = "", text = ""] = match;
    found.push([name, unescaped(text)]);
    end += whole.length;
  }
  return packet.startsWith(BEHIND, end) ? found : undefined;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

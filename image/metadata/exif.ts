/** Texts in Exif data. Source: Exif 2.32 (CIPA DC-008), section 4.6. */

import ExifReader from "exifreader";
import type { PictureText } from "./picture_text.ts";

/** The tags that tools put prompts into. */
const TAGS = ["UserComment", "ImageDescription", "Make", "Model", "Software", "XPComment", "XPTitle"] as const;

/** The first bytes of a user comment name its encoding. */
const ENCODINGS: ReadonlyMap<string, string> = new Map([["ASCII\0\0\0", "utf-8"], ["\0\0\0\0\0\0\0\0", "utf-8"]]);

/** The texts of an Exif block, which is a TIFF file; none of one that is broken, as viewers have it too. */
export function readExif(block: Uint8Array): readonly PictureText[] {
  const tags = load(block);
  return TAGS.flatMap((keyword): PictureText[] => {
    const tag = tags[keyword];
    if (tag === undefined) return [];
    const text = keyword === "UserComment"
      ? userComment(bytesOf(tag.value))
      : keyword.startsWith("XP")
      ? new TextDecoder("utf-16le").decode(bytesOf(tag.value))
      : tag.description;
    const trimmed = text.replace(/\0+$/, "");
    return trimmed === "" ? [] : [{ keyword, text: trimmed }];
  });
}

interface Tag {
  readonly value: unknown;
  readonly description: string;
}

function load(block: Uint8Array): Readonly<Record<string, Tag | undefined>> {
  try {
    const tags: Readonly<Record<string, unknown>> = ExifReader.load(block.slice().buffer, {
      includeTags: { exif: [...TAGS] },
    });
    return Object.fromEntries(TAGS.filter((name) => isTag(tags[name])).map((name) => [name, tags[name] as Tag]));
  } catch {
    return {}; // the library throws errors of its own for what is no Exif data
  }
}

function isTag(value: unknown): value is Tag {
  return typeof value === "object" && value !== null && "value" in value && "description" in value &&
    typeof value.description === "string";
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  const list = Array.isArray(value) ? value : ArrayBuffer.isView(value) ? [...value as Uint8Array] : [];
  return Uint8Array.from(list, Number);
}

/** The text behind its encoding's name. UNICODE is UTF-16 in either order: most of its characters are of one byte. */
function userComment(bytes: Uint8Array): string {
  const name = String.fromCharCode(...bytes.subarray(0, 8));
  const body = bytes.subarray(8);
  if (name === "UNICODE\0") return new TextDecoder(utf16Of(body)).decode(body);
  const encoding = ENCODINGS.get(name);
  return new TextDecoder().decode(encoding === undefined ? bytes : body);
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" {
  let first = 0, second = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i] === 0) first++;
    if (bytes[i + 1] === 0) second++;
  }
  return first > second ? "utf-16be" : "utf-16le";
}

/** Picture files with texts: those that Pillow wrote, and chunks for files that nobody should write. */

import { crc32 } from "node:zlib";
import pictures from "./pictures.json" with { type: "json" };

/** The text of web UIs that the files hold. */
export const PARAMETERS = pictures.parameters;

/** The names of the files. */
export const NAMES = Object.keys(pictures.files) as (keyof typeof pictures.files)[];

/** The bytes of a file that `pictures.py` wrote. */
export const written = (name: keyof typeof pictures.files): Uint8Array<ArrayBuffer> =>
  Uint8Array.fromBase64(pictures.files[name]);

/** The plain PNG file with more chunks before its end. */
export function pngWith(...chunks: readonly (readonly [type: string, data: Uint8Array])[]): Uint8Array<ArrayBuffer> {
  const plain = written("plain");
  const end = plain.length - 12;
  return joined([plain.subarray(0, end), ...chunks.map(([type, data]) => chunk(type, data)), plain.subarray(end)]);
}

/** Bytes of a keyword, a zero and a text, both in Latin-1. */
export function latin(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(`${keyword}\0${text}`, (character) => character.charCodeAt(0));
}

/** Parts as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([new TextEncoder().encode(type), data]);
  const whole = new Uint8Array(body.length + 8);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  whole.set(body, 4);
  view.setUint32(4 + body.length, crc32(body));
  return whole;
}

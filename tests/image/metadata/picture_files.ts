/** Picture files with texts: those that Pillow wrote, and chunks for files that nobody should write. */

import { chunk, concat } from "../files.ts";
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
  return concat([plain.subarray(0, end), ...chunks.map(([type, data]) => chunk(type, data)), plain.subarray(end)]);
}

/** Bytes of a keyword, a zero and a text, both in Latin-1. */
export function latin(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(`${keyword}\0${text}`, (character) => character.charCodeAt(0));
}

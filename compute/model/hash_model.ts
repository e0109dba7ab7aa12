/** What a model is, whatever its folder is called and whenever it was copied. */

import { openFile } from "#host/files.ts";
import { sha256 } from "#host/sha256.ts";
import { join } from "node:path";
import { modelFiles } from "./model_stamps.ts";

/** Bytes that are read at a time. */
const PIECE = 2 ** 22;

/**
 * SHA-256, in hexadecimal digits, of the list that `sha256sum` prints for the files of {@link modelFiles}: a line for each,
 * its own SHA-256, two spaces, its path.
 */
export function hashModel(folder: string): string {
  const list = sha256();
  for (const path of modelFiles(folder)) list.update(`${hashFile(join(folder, path))}  ${path}\n`);
  return list.hex();
}

/** SHA-256 of a file, in hexadecimal digits. */
export function hashFile(path: string): string {
  const hash = sha256();
  using file = openFile(path);
  for (let at = 0; at < file.size; at += PIECE) hash.update(file.read(at, Math.min(at + PIECE, file.size)));
  return hash.hex();
}

/** What a model is, whatever its folder is called and whenever it was copied. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { modelFiles } from "./model_stamps.ts";

/** Bytes that are read at a time. */
const PIECE = 2 ** 22;

/**
 * SHA-256, in hexadecimal digits, of the list that `sha256sum` prints for the files of {@link modelFiles}: a line for each,
 * its own SHA-256, two spaces, its path.
 */
export function hashModel(folder: string): string {
  const list = createHash("sha256");
  for (const path of modelFiles(folder)) list.update(`${hashFile(join(folder, path))}  ${path}\n`);
  return list.digest("hex");
}

/** SHA-256 of a file, in hexadecimal digits. */
export function hashFile(path: string): string {
  const hash = createHash("sha256");
  const piece = new Uint8Array(PIECE);
  using file = Deno.openSync(path);
  for (let read = file.readSync(piece); read !== null; read = file.readSync(piece)) {
    hash.update(piece.subarray(0, read));
  }
  return hash.digest("hex");
}

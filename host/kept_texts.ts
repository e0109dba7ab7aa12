/** Small texts that are kept in a folder from one start to the next; the oldest go first. */

import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a file of a folder, which is made when needed, wholly or not at all; then removes the oldest beyond `most`.
 * @throws {Error} if the folder cannot be written to.
 */
export function keepText(folder: string, name: string, text: string, most: number): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const unfinished = `${file}.${crypto.randomUUID()}`;
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  const byAge = readdirSync(folder).map((name) => join(folder, name))
    .map((file) => ({ file, time: statSync(file).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { file } of byAge.slice(most)) rmSync(file, { force: true });
}

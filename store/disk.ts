/** Whether a folder can be written now, and how much. */

import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { storageError } from "../assets/storage_error.ts";

/** What is written as a trial: a block, since a file without any needs no room. */
const BLOCK = new Uint8Array(4096);

/**
 * Writes a file, waits for the disk and removes it again.
 * @returns Bytes that are free on the folder's disk; null where the system does not tell.
 * @throws {StorageError} if nothing can be written.
 */
export async function probeDisk(folder: string): Promise<number | null> {
  const trial = join(folder, `.trial-${crypto.randomUUID()}`);
  try {
    try {
      const file = await open(trial, "wx");
      try {
        await file.writeFile(BLOCK);
        await file.sync();
      } finally {
        await file.close();
      }
    } finally {
      await rm(trial, { force: true });
    }
  } catch (error) {
    throw storageError(error);
  }
  return await freeBytes(folder);
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null; // not every system tells, nor every sandbox
  }
}

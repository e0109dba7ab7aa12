/** unstorage's file-system driver, with writes that happen wholly or not at all. */

import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Driver } from "unstorage";
import fsDriver from "unstorage/drivers/fs";

/**
 * A driver for files under a folder. A value is written to a temporary file, synced and renamed to its key, and the
 * folder synced: a crash at any moment leaves the old value, the new value or none, never a part.
 * @param base Folder, made when needed. One driver at a time may use it: unfinished writes found in it are deleted.
 */
export async function atomicFsDriver(base: string): Promise<Driver> {
  const unfinished = join(base, ".unfinished");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });

  const write = async (key: string, value: string | Uint8Array): Promise<void> => {
    const path = join(base, ...key.split(":"));
    const temporary = join(unfinished, crypto.randomUUID());
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeSynced(temporary, value);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // what failed first is what matters
      throw error;
    }
    await syncFolder(dirname(path));
  };
  return { ...fsDriver({ base }), setItem: write, setItemRaw: write };
}

async function writeSynced(path: string, value: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(value);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in the folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Checkpoints as files of the data folder: `GENERATION/NAME.TOKEN`. */

import type { Dirent } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { storageError } from "../assets/storage_error.ts";
import type { Checkpoints } from "../jobs/checkpoints.ts";

/** What ids and names are made of, so that each is a file's name. */
const PLAIN = /^[0-9a-z][0-9a-z-]*$/i;

/** `NAME.TOKEN` */
const FILE = /^([0-9a-z][0-9a-z-]*)\.(\d+)$/i;

/** While it is written. */
const UNFINISHED = /^\.[0-9a-f-]{36}$/;

/** Of one generation, read at once: many times what the largest pictures come to. */
const MAX_BYTES = 2 ** 31;

interface KeptFile {
  readonly file: string;
  readonly name: string;
  readonly token: number;
}

/**
 * Files that are written under another name and renamed, so that each is there wholly or not at all. Nothing waits for the
 * disk: what a power cut takes is painted again.
 */
export class CheckpointFiles implements Checkpoints {
  /** @param folder Made when needed; used by one process at a time. */
  constructor(private readonly folder: string) {}

  async save(id: string, token: number, name: string, bytes: Uint8Array): Promise<void> {
    if (!PLAIN.test(name)) throw new RangeError(`Cannot keep a checkpoint as "${name}"`);
    const folder = this.#folderOf(id);
    await asStorage(async () => {
      await mkdir(folder, { recursive: true });
      const before = (await keptIn(folder)).filter((kept) => kept.name === name);
      if (before.some((kept) => kept.token > token)) return;
      const unfinished = join(folder, `.${crypto.randomUUID()}`);
      try {
        await writeFile(unfinished, bytes);
        await rename(unfinished, join(folder, `${name}.${token}`));
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => {}); // what failed first is what matters
        throw error;
      }
      for (const kept of before) if (kept.token < token) await rm(join(folder, kept.file), { force: true });
    });
  }

  async latest(id: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const folder = this.#folderOf(id);
    return await asStorage(async () => {
      const latest = new Map<string, KeptFile>();
      for (const kept of await keptIn(folder)) {
        if (kept.token > (latest.get(kept.name)?.token ?? -Infinity)) latest.set(kept.name, kept);
      }
      let size = 0;
      for (const { file } of latest.values()) size += (await lstat(join(folder, file))).size;
      if (size > MAX_BYTES) throw new Error(`What is kept of ${id} takes ${size} bytes, more than ${MAX_BYTES}`);
      const bytes = new Map<string, Uint8Array>();
      for (const { name, file } of latest.values()) bytes.set(name, new Uint8Array(await readFile(join(folder, file))));
      return bytes;
    });
  }

  async forget(id: string): Promise<void> {
    await asStorage(() => rm(this.#folderOf(id), { recursive: true, force: true }));
  }

  async ids(): Promise<readonly string[]> {
    return await asStorage(async () => {
      const ids: string[] = [];
      for (const entry of await listed(this.folder)) {
        if (!entry.isDirectory() || !PLAIN.test(entry.name)) continue;
        // Whatever else somebody put there is not removed.
        const inside = await listed(join(this.folder, entry.name));
        if (inside.every(({ name }) => FILE.test(name) || UNFINISHED.test(name))) ids.push(entry.name);
      }
      return ids;
    });
  }

  #folderOf(id: string): string {
    if (!PLAIN.test(id)) throw new RangeError(`Cannot keep checkpoints of "${id}"`);
    return join(this.folder, id);
  }
}

async function keptIn(folder: string): Promise<readonly KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const entry of await listed(folder)) {
    const [file, name, token] = FILE.exec(entry.name) ?? [];
    // Reading a pipe or a device may never end; what a link leads to was not written here.
    if (file === undefined || name === undefined || !entry.isFile()) continue;
    kept.push({ file, name, token: Number(token) });
  }
  return kept;
}

/** Nothing of a folder that is not there. */
async function listed(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

async function asStorage<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw storageError(error);
  }
}

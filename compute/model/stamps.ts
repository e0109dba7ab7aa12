/**
 * Files that are read once for as long as they stay as they are.
 *
 * What is read of files is kept beside a stamp of them (`StampedValue`); stamps are looked at now and then, however often
 * somebody asks (`FreshLook`).
 */

import { fileInfo, type FolderEntry, listFolder, realPath } from "#host/files.ts";
import { join } from "node:path";

/** Milliseconds for which a look at files counts by default: calls in between cost nothing. */
export const FRESH_MS = 1000;

/** Something that is looked at when it is asked for, but not twice within some time. */
export class FreshLook<T> {
  #seen: { readonly at: number; readonly value: T } | undefined;

  /**
   * @param look Looks.
   * @param freshMs Milliseconds for which a look counts; 0 looks at each question.
   */
  constructor(private readonly look: () => T, private readonly freshMs: number = FRESH_MS) {}

  /** What the latest look saw, or what one sees now. A look that throws is none. */
  get(): T {
    const now = performance.now();
    if (this.#seen === undefined || now - this.#seen.at >= this.freshMs) this.#seen = { at: now, value: this.look() };
    return this.#seen.value;
  }

  /** Makes the next call look again, however soon it comes. */
  expire(): void {
    this.#seen = undefined;
  }
}

/** A value that is made once for each state of what it is made from. */
export class StampedValue<T> {
  #known: { readonly stamp: string; readonly value: T } | undefined;

  /** The value of a stamp: the one that was made for it, or one made now. A failure is not kept. */
  get(stamp: string, make: () => T): T {
    if (this.#known?.stamp !== stamp) this.#known = { stamp, value: make() };
    return this.#known.value;
  }

  /** Takes a value that was made elsewhere. */
  set(stamp: string, value: T): void {
    this.#known = { stamp, value };
  }
}

/** What tells whether a file is still the same. */
export interface FileState {
  /** Bytes. */
  readonly size: number;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  /** Where the links lead that it is reached through; empty if there are none. */
  readonly through: readonly string[];
}

/** Files by path within their folder, in order; null for what cannot be looked at, such as a link that leads nowhere. */
export type FileStates = ReadonlyMap<string, FileState | null>;

/**
 * Looks at all files in a folder and the folders in it, and reads none. Links are followed.
 * @param depth How many folders deep; 1 for the folder's own files.
 * @returns Nothing of what cannot be listed.
 */
export function filesIn(folder: string, depth: number): FileStates {
  const files = new Map<string, FileState | null>();
  const look = (within: string, levels: number, through: readonly string[]): void => {
    for (const { name, isSymlink } of entriesOf(join(folder, within))) {
      const path = within === "" ? name : `${within}/${name}`;
      const file = join(folder, path);
      try {
        const places = isSymlink ? [...through, realPath(file)] : through;
        const { isDirectory, size, time } = fileInfo(file);
        if (!isDirectory) files.set(path, { size, time, through: places });
        else if (levels > 1) look(path, levels - 1, places);
      } catch {
        files.set(path, null);
      }
    }
  };
  look("", depth, []);
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

function entriesOf(folder: string): readonly FolderEntry[] {
  try {
    return listFolder(folder);
  } catch {
    return []; // gone meanwhile, or closed to this process: whoever reads it says so
  }
}

/** A stamp of some files: it changes with the path, size, time or place of any of them. */
export function stampOf(files: FileStates, belongs: (path: string, file: FileState | null) => boolean): string {
  return JSON.stringify([...files].filter(([path, file]) => belongs(path, file)));
}

/** A stamp of one file, by its path, time and size; null where there is none that can be looked at. */
export function stampOfFile(path: string): string | null {
  try {
    const { time, size } = fileInfo(path);
    return JSON.stringify([path, time, size]);
  } catch {
    return null;
  }
}

/**
 * Files, as models are read from them: on a disk here, fetched in the studio's Worker, where `#host/` is
 * `studio/src/local/host/`. Paths are absolute or relative to the working folder. All of it waits, as Workers may.
 */

/** What is at a path. */
export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** Bytes. */
  readonly size: number;
  /** When it was written, in milliseconds since 1970; 0 where there are no times. */
  readonly time: number;
}

/** What a folder lists. */
export interface FolderEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** A file of which parts are read. */
export interface OpenFile extends Disposable {
  /** Bytes. */
  readonly size: number;
  /** Bytes [from, to); fewer where it ends before. */
  read(from: number, to: number): Uint8Array<ArrayBuffer>;
}

/** What is at a path; links are followed. @throws {Error} if nothing is, or it may not be looked at. */
export function fileInfo(path: string): FileInfo {
  const { isFile, isDirectory, size, mtime } = Deno.statSync(path);
  return { isFile, isDirectory, size, time: mtime?.getTime() ?? 0 };
}

/** Whether there is a file that can be looked at. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** What is in a folder, in no order. @throws {Error} if there is none, or it may not be listed. */
export function listFolder(path: string): readonly FolderEntry[] {
  return [...Deno.readDirSync(path)];
}

/** Where links lead. @throws {Error} if they lead nowhere. */
export function realPath(path: string): string {
  return Deno.realPathSync(path);
}

/** Opens a file. @throws {Error} if there is none, or it may not be read. */
export function openFile(path: string): OpenFile {
  const file = Deno.openSync(path);
  return {
    size: file.statSync().size,
    read(from, to) {
      const bytes = new Uint8Array(to - from);
      file.seekSync(from, Deno.SeekMode.Start);
      let end = 0;
      for (let read: number | null = 0; end < bytes.length && read !== null; end += read ?? 0) {
        read = file.readSync(bytes.subarray(end));
      }
      return end === bytes.length ? bytes : bytes.slice(0, end);
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** A whole file. @throws {Error} if there is none, or it may not be read, or it ends while it is read. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  // Not Deno.readFileSync: it grows its buffer as it reads, which takes twice the memory and five times as long.
  using file = openFile(path);
  const bytes = file.read(0, file.size);
  if (bytes.length < file.size) throw new Error(`it ends after ${bytes.length} of ${file.size} bytes`);
  return bytes;
}

/** A whole file of text in UTF-8. @throws {Error} as {@link readBytes}. */
export function readText(path: string): string {
  return Deno.readTextFileSync(path);
}

/** Whether what these functions threw means that nothing is there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

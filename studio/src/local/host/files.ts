/** Files as the page's Worker has them: fetched, in memory, under `/models/<name>/`. See `host/files.ts`. */

/** What is at a path. */
export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly size: number;
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
  readonly size: number;
  read(from: number, to: number): Uint8Array<ArrayBuffer>;
}

class MissingError extends Error {
  constructor(path: string) {
    super(`there is no ${path}`);
  }
}

const files = new Map<string, Uint8Array<ArrayBuffer>>();

/** Puts a file there. */
export function addFile(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  files.set(path, bytes);
}

/** What lies below a folder. */
function below(folder: string): readonly string[] {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  return [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}

export function fileInfo(path: string): FileInfo {
  const file = files.get(path);
  if (file !== undefined) return { isFile: true, isDirectory: false, size: file.length, time: 0 };
  if (below(path).length > 0) return { isFile: false, isDirectory: true, size: 0, time: 0 };
  throw new MissingError(path);
}

export function isFile(path: string): boolean {
  return files.has(path);
}

export function listFolder(path: string): readonly FolderEntry[] {
  const inside = below(path);
  if (inside.length === 0) throw new MissingError(path);
  const names = Map.groupBy(inside, (within) => within.split("/", 1)[0] ?? "");
  return [...names].map(([name, paths]) => ({ name, isDirectory: !paths.includes(name), isSymlink: false }));
}

export function realPath(path: string): string {
  return path;
}

export function openFile(path: string): OpenFile {
  const file = readBytes(path);
  return { size: file.length, read: (from, to) => file.slice(from, to), [Symbol.dispose]: () => {} };
}

export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  const file = files.get(path);
  if (file === undefined) throw new MissingError(path);
  return file;
}

export function readText(path: string): string {
  return new TextDecoder().decode(readBytes(path));
}

export function isMissing(error: unknown): boolean {
  return error instanceof MissingError;
}

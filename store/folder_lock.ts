/** One process per data folder: recovery takes every lease for lost, which holds only if nobody else works there. */

import { join } from "node:path";

/** Another process works in the data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = "DataFolderInUseError";
  readonly code = "DATA_FOLDER_IN_USE";

  constructor(readonly folder: string) {
    super(`Cannot open ${folder}: another process uses it`);
  }
}

/**
 * Locks the folder until the lock is disposed of, or the process ends in any way.
 * @throws {DataFolderInUseError} if it is locked.
 */
export async function lockFolder(folder: string): Promise<Disposable> {
  const file = await Deno.open(join(folder, "lock"), { create: true, write: true });
  if (!await file.tryLock(true)) {
    file.close();
    throw new DataFolderInUseError(folder);
  }
  return { [Symbol.dispose]: () => file.close() };
}

/** Faults of SQLite as the faults of the store that they are. */

import { StorageError, storageError, type StorageFault } from "../../assets/storage_error.ts";

/**
 * SQLite's errors, by the words of sqlite3_errstr(): Deno's `node:sqlite` does not always tell their number.
 * Source: https://www.sqlite.org/rescode.html
 */
const SQLITE: readonly (readonly [RegExp, StorageFault])[] = [
  [/^database or disk is full\b/, "STORAGE_FULL"],
  [/^attempt to write a readonly database\b/, "STORAGE_READ_ONLY"],
  [/^database (schema |table )?is locked\b/, "STORAGE_BUSY"],
  [/^disk I\/O error\b/, "STORAGE_FAILED"],
  [/^unable to open database file\b/, "STORAGE_FAILED"],
  [/^(large file support is disabled|locking protocol|out of memory)\b/, "STORAGE_FAILED"],
  [/^(database disk image is malformed|file is not a database)\b/, "STORAGE_DAMAGED"],
];

/** The typed error that a fault of the database or of the file system is; any other error as it is. */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR")) return storageError(error);
  const fault = SQLITE.find(([words]) => words.test(error.message))?.[1];
  return fault === undefined ? error : new StorageError(fault, error);
}

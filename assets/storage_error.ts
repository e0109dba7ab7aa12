/** What goes wrong below the store: disks that are full, broken, read-only or busy, servers that are away, as one typed error. */

/** Which kind of fault; stable, machine-readable. */
export type StorageFault =
  | "STORAGE_FULL"
  | "STORAGE_READ_ONLY"
  | "STORAGE_BUSY"
  | "STORAGE_UNREACHABLE"
  | "STORAGE_DAMAGED"
  | "STORAGE_FAILED";

interface Fault {
  /** What is the matter, as the end of a sentence. */
  readonly words: string;
  /** Milliseconds after which the same call may well succeed; null if it takes more than time. */
  readonly retryAfterMs: number | null;
}

const FAULTS: Readonly<Record<StorageFault, Fault>> = {
  STORAGE_FULL: { words: "the disk is full", retryAfterMs: 30_000 },
  STORAGE_READ_ONLY: { words: "the disk may only be read", retryAfterMs: 30_000 },
  STORAGE_BUSY: { words: "another program is writing to it", retryAfterMs: 2000 },
  STORAGE_UNREACHABLE: { words: "it does not answer", retryAfterMs: 5000 },
  STORAGE_DAMAGED: { words: "its database is damaged", retryAfterMs: null },
  STORAGE_FAILED: { words: "the disk or the object store does not answer as it should", retryAfterMs: 30_000 },
};

/**
 * The store cannot be read or written now, through no fault of the caller. Its message names no file, so that clients
 * may see it; `cause` is the error of the database or of the file system, for the log.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  /** Milliseconds after which the same call may well succeed; null if it takes more than time. */
  readonly retryAfterMs: number | null;

  constructor(readonly code: StorageFault, cause: unknown) {
    super(`Cannot use the store: ${FAULTS[code].words}`, { cause });
    this.retryAfterMs = FAULTS[code].retryAfterMs;
  }

  /** What is the matter, as the end of a sentence: `the disk is full`. */
  get reason(): string {
    return FAULTS[this.code].words;
  }
}

/** The file system's errors, by their code. */
const SYSTEM: Readonly<Record<string, StorageFault>> = {
  ENOSPC: "STORAGE_FULL",
  EDQUOT: "STORAGE_FULL",
  EFBIG: "STORAGE_FULL",
  EROFS: "STORAGE_READ_ONLY",
  EACCES: "STORAGE_READ_ONLY",
  EPERM: "STORAGE_READ_ONLY",
  EBUSY: "STORAGE_BUSY",
  EIO: "STORAGE_FAILED",
  ENXIO: "STORAGE_FAILED",
  ENODEV: "STORAGE_FAILED",
  ESTALE: "STORAGE_FAILED",
  ETIMEDOUT: "STORAGE_FAILED",
  EMFILE: "STORAGE_FAILED",
  ENFILE: "STORAGE_FAILED",
};

/** The typed error that a fault of the file system is; any other error as it is. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  const fault = "code" in error && typeof error.code === "string" ? SYSTEM[error.code] : undefined;
  return fault === undefined ? error : new StorageError(fault, error);
}

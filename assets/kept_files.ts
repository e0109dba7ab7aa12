/** When a stored file may go: when no generation and no saved layout uses it, and nobody has it uploaded. */

/** Removes files, one at a time, never under the hands of somebody who is about to use one. */
export interface KeptFiles {
  /** Does something during which no file goes away: to store one and note its use, or to use one that is there. */
  holding<T>(work: () => Promise<T>): Promise<T>;

  /** Whether a file is there; for use within `holding`. */
  has(asset: string): Promise<boolean>;

  /** Removes a file unless somebody uses it or has uploaded it. */
  removeUnused(asset: string): Promise<void>;

  /**
   * Forgets uploads that nothing uses, and removes their files.
   * @param until Those sent for the last time before this, in milliseconds since the epoch.
   * @returns How many were forgotten.
   */
  forgetUploads(until: number): Promise<number>;

  /** Bytes of the pictures of generations and of uploads, each file counted once. */
  bytes(): Promise<number>;
}

/** Who uploaded which file. Files are stored once by their contents, whoever sends them; who may use one stands here. */

/** Notes of uploads. An owner is the id of a key; null for none. */
export interface UploadStore {
  /**
   * Notes that an owner uploaded a file.
   * @returns Whether it had uploaded it before.
   */
  note(asset: string, bytes: number, owner: string | null): Promise<{ readonly known: boolean }>;

  /** Takes back what `note` noted. */
  forget(asset: string, owner: string | null): Promise<void>;

  /** Whether a file is this owner's: uploaded by it, or the picture or a mask of a generation of its. */
  isOf(asset: string, owner: string): Promise<boolean>;
}

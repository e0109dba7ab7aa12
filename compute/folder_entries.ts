/** Folders that need not be there. */

import { type FolderEntry, isMissing, listFolder } from "#host/files.ts";

/** What is in a folder, in no order; nothing where there is none. @throws {Error} if it may not be listed. */
export function entriesOf(folder: string): readonly FolderEntry[] {
  try {
    return listFolder(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

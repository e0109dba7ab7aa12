/** Links that lead out of a folder: what is read through them lies where nobody allowed it, and reading follows them. */

import { fileInfo, listFolder, realPath } from "#host/files.ts";
import { join, sep } from "node:path";

/** How deep models' files lie. */
const DEPTH = 3;

/**
 * The first link in a folder, or the folder itself, that leads out of `root` or nowhere; undefined if there is none.
 * @returns Its path within `root`.
 */
export function linkOutOf(root: string, name: string): string | undefined {
  const real = realPath(root);
  const inside = (path: string) => {
    try {
      return realPath(join(root, path)).startsWith(real.endsWith(sep) ? real : real + sep);
    } catch {
      return false;
    }
  };
  const look = (path: string, depth: number): string | undefined => {
    for (const entry of listFolder(join(root, path))) {
      const child = join(path, entry.name);
      if (entry.isSymlink && !inside(child)) return child;
      if (depth === 1 || !fileInfo(join(root, child)).isDirectory) continue;
      const found = look(child, depth - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return inside(name) ? look(name, DEPTH) : name;
}

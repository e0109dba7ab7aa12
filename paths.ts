/** Keeping the folders of this machine out of what clients are told. */

import { join } from "node:path";

/** What stands at the top of file systems. Names of operators in graphs look like paths too, but begin with none of these. */
const TOP = new Set(
  [
    ..."app bin boot data deno-dir dev etc home lib lib64 media mnt models nix opt private proc root run srv sys tmp usr var"
      .split(" "),
    ..."Applications Library System Users Volumes workspace workspaces".split(" "),
    import.meta.dirname?.split("/")[1] ?? "",
  ],
);

/** Absolute paths: in quotes with whatever they hold, else up to the next space; not those of web addresses. */
const QUOTED = /(?<=["'`])(?:file:\/\/)?(?:\/([^"'`\n/]+)|[A-Za-z]:)[/\\](?:[^"'`\n]*[/\\])?([^"'`\n/\\]*)(?=["'`])/g;
const PLAIN =
  /(?:file:\/\/|(?<![\w.:/\\-]))(?:\/([^\s"'`:,;()<>/]+)|[A-Za-z]:)[/\\](?:[^\s"'`:,;()<>/\\]+[/\\])*([^\s"'`:,;()<>/\\]*)/g;

/** The text with absolute paths, and `file:` URLs, cut down to the names of their files. */
export function withoutPaths(text: string): string {
  const cut = (path: string, top: string | undefined, name: string) => top === undefined || TOP.has(top) ? name : path;
  return text.replace(QUOTED, cut).replace(PLAIN, cut);
}

/** The text with paths inside a folder given from there on, and other absolute ones as {@link withoutPaths} does. */
export function pathsWithin(folder: string, text: string): string {
  return withoutPaths(text.replaceAll(join(folder, "/"), ""));
}

/** A disk of a few MiB that tests can fill: a file system in memory, which takes root to mount. */

import { join } from "node:path";

/** A mounted disk; `using` takes it away again. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Leaves no byte. */
  fill(): void;
  /** Takes back what `fill` wrote. */
  clear(): void;
  /** Whether it may only be read. */
  setReadOnly(readOnly: boolean): void;
}

function run(command: string, ...args: string[]): string {
  const { success, stderr } = new Deno.Command(command, { args, stdout: "null", stderr: "piped" }).outputSync();
  return success ? "" : new TextDecoder().decode(stderr).trim();
}

/**
 * Mounts a disk.
 * @param at Over this folder, which is as before once the disk is taken away; by default over one of its own.
 * @throws {Error} where that is not allowed.
 */
export function smallDisk(mebibytes: number, at?: string): SmallDisk {
  const folder = at ?? Deno.makeTempDirSync({ prefix: "parterre-disk-" });
  if (at !== undefined) Deno.mkdirSync(at, { recursive: true });
  const refused = run("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder);
  if (refused !== "") {
    if (at === undefined) Deno.removeSync(folder);
    throw new Error(refused);
  }
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: () => {
      using file = Deno.openSync(ballast, { create: true, append: true });
      for (const size of [2 ** 20, 4096]) {
        const zeros = new Uint8Array(size);
        try {
          while (file.writeSync(zeros) === size) { /* there is room left */ }
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        }
      }
    },
    clear: () => Deno.removeSync(ballast),
    setReadOnly: (readOnly) => {
      const failed = run("mount", "-o", `remount,${readOnly ? "ro" : "rw"}`, folder);
      if (failed !== "") throw new Error(failed);
    },
    [Symbol.dispose]: () => {
      run("umount", "-l", folder);
      if (at === undefined) Deno.removeSync(folder);
    },
  };
}

/** Why disks cannot be mounted here; undefined if they can. */
export function cannotMount(): string | undefined {
  try {
    smallDisk(1)[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The file that a result goes to: tried before the work begins, replaced in one step when it is done. */

import { basename, dirname, join } from "node:path";
import { usage } from "./failure.ts";

/**
 * A place for a file. `begin` finds out at once whether it can be written; `write` leaves either the whole new file or
 * whatever was there before.
 */
export class TargetFile implements Disposable {
  #scratch: string | undefined;

  private constructor(
    /** As the user wrote it. */
    readonly path: string,
    /** Where the file is to be: links are followed. */
    private readonly place: string,
    scratch: string | undefined,
  ) {
    this.#scratch = scratch;
  }

  /**
   * Makes sure that a file can be written at a path.
   * @throws {CommandFailure} USAGE if it cannot.
   */
  static begin(path: string): TargetFile {
    const place = realPath(path);
    const there = statOrUndefined(place);
    if (there?.isDirectory) throw usage(`Cannot write ${path}: it is a folder`);
    try {
      if (there !== undefined && !there.isFile) { // a device or a pipe is written to, never replaced
        return new TargetFile(path, place, undefined);
      }
      if (there !== undefined) Deno.openSync(place, { write: true }).close(); // a file that is read-only stays
      const scratch = join(dirname(place), `.${basename(place)}.${crypto.randomUUID()}.part`);
      Deno.openSync(scratch, { createNew: true, write: true }).close();
      return new TargetFile(path, place, scratch);
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  /** @throws {CommandFailure} USAGE if it cannot be written any more. */
  write(bytes: Uint8Array): void {
    try {
      Deno.writeFileSync(this.#scratch ?? this.place, bytes);
      if (this.#scratch === undefined) return;
      const mode = statOrUndefined(this.place)?.mode ?? null;
      if (mode !== null) Deno.chmodSync(this.#scratch, mode & 0o777);
      Deno.renameSync(this.#scratch, this.place);
      this.#scratch = undefined;
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#scratch !== undefined) Deno.removeSync(this.#scratch);
    this.#scratch = undefined;
  }
}

/** A folder that files go to, made if it is not there. @throws {CommandFailure} USAGE if it cannot be written to. */
export function targetFolder(path: string): string {
  try {
    Deno.mkdirSync(path, { recursive: true });
    Deno.removeSync(Deno.makeTempFileSync({ dir: path, prefix: ".parterre." }));
    return path;
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw cannotWrite(path, error);
    return join(dirname(path), basename(path));
  }
}

function statOrUndefined(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function cannotWrite(path: string, error: unknown) {
  const said = error instanceof Error ? error.message.replace(/ \(os error \d+\).*$/s, "") : String(error);
  return usage(`Cannot write ${path}: ${said}`);
}

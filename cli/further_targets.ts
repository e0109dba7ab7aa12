/** The files of a generation's pictures after the first: `fox-2.png` and so on, beside `fox.png`. */

import { extname } from "node:path";
import { usage } from "./failure.ts";
import { TargetFile } from "./target_file.ts";

/** No server paints more in one generation. */
const MOST = 256;

/** Places for them, tried before the work begins. */
export class FurtherTargets implements Disposable {
  readonly #files: TargetFile[] = [];

  /**
   * @param out Where the first picture goes, as the caller wrote it.
   * @param count How many pictures are asked for; whether it is sound is the server's to say.
   * @throws {CommandFailure} USAGE if one cannot be written, or if several are to go to standard output.
   */
  constructor(out: string | undefined, count: unknown) {
    if (out === undefined || typeof count !== "number" || count < 2 || count > MOST) return;
    if (out === "-") throw usage(`--out - takes one picture, and ${count} are asked for: name a file`);
    const ending = extname(out);
    const stem = out.slice(0, out.length - ending.length);
    try {
      for (let i = 2; i <= count; i++) this.#files.push(TargetFile.begin(`${stem}-${i}${ending}`));
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** The files in the order of the pictures, the second picture's first. */
  get files(): readonly TargetFile[] {
    return this.#files;
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file[Symbol.dispose]();
  }
}

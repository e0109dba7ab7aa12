/** Counts what this thread does with files while something runs: real calls, with what they are called on. */

/** What was done, as paths in the order of the calls. */
export interface FileCalls {
  /** Files whose contents were read. */
  readonly read: string[];
  /** Files and folders that were looked at: listed, or asked for size, time or place. */
  readonly looked: string[];
}

const READS = ["readTextFileSync", "readFileSync", "openSync", "readTextFile", "readFile", "open"] as const;
const LOOKS = ["readDirSync", "statSync", "lstatSync", "realPathSync", "readDir", "stat"] as const;

/** Watches Deno's functions for files until it is disposed of. */
export class CountedFiles implements FileCalls, Disposable {
  readonly read: string[] = [];
  readonly looked: string[] = [];
  readonly #restore: (() => void)[] = [];

  /** @param folder Only what lies in it counts. */
  constructor(folder: string) {
    for (const name of READS) this.#watch(name, this.read, folder);
    for (const name of LOOKS) this.#watch(name, this.looked, folder);
  }

  /** Forgets what was done. */
  clear(): void {
    this.read.length = 0;
    this.looked.length = 0;
  }

  #watch(name: typeof READS[number] | typeof LOOKS[number], calls: string[], folder: string): void {
    const deno = Deno as unknown as Record<string, (...args: unknown[]) => unknown>;
    const original = deno[name];
    if (original === undefined) throw new Error(`Deno has no ${name}`);
    deno[name] = (...args) => {
      const path = String(args[0]);
      if (path.startsWith(folder)) calls.push(path.slice(folder.length + 1));
      return original(...args);
    };
    this.#restore.push(() => deno[name] = original);
  }

  [Symbol.dispose](): void {
    for (const restore of this.#restore) restore();
  }
}

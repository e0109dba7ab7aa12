/** What a command writes: results to standard output, everything else to standard error. */

const encoder = new TextEncoder();

/** The two streams of a command. */
export class Output {
  constructor(
    /** Whether results are JSON, for programs. */
    readonly json: boolean,
    /** Whether progress is left out. */
    readonly quiet: boolean,
  ) {}

  /** Writes a line of the result for people; nothing under `--json`. */
  line(text: string): void {
    if (!this.json) this.bytes(encoder.encode(`${text}\n`));
  }

  /** Writes the result for programs; nothing without `--json`. */
  document(value: unknown): void {
    if (this.json) this.bytes(encoder.encode(`${JSON.stringify(value)}\n`));
  }

  /**
   * Writes to standard output as it is.
   * @throws {Deno.errors.BrokenPipe} if nobody reads any more.
   */
  bytes(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(Deno.stdout.writeSync(rest));
  }

  /** Says something beside the result. That nobody listens is no reason to stop. */
  say(text: string): void {
    try {
      Deno.stderr.writeSync(encoder.encode(`${text}\n`));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  }

  /** Says how it is going, unless nobody wants to know. */
  progress(text: string): void {
    if (!this.quiet) this.say(text);
  }
}

/** Columns of text, two spaces apart, as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()).join("\n");
}

/** A progress bar on one terminal line. */

/** What the bar shows. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly etaSeconds: number | null;
  readonly previews: number;
}

const WIDTH = 24;

/** For instance `[######------------------]  4/16  ETA 2.1 s  4 previews`. */
function progressLine({ step, steps, etaSeconds, previews }: Progress): string {
  const filled = Math.round(WIDTH * step / Math.max(1, steps));
  const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
  const digits = String(steps).length;
  const eta = etaSeconds === null ? "ETA ?" : `ETA ${etaSeconds.toFixed(1)} s`;
  return `[${bar}] ${String(step).padStart(digits)}/${steps}  ${eta}  ${previews} preview${previews === 1 ? "" : "s"}`;
}

/** Redraws the bar in place on a terminal; elsewhere writes a line per step. */
export class ProgressBar {
  readonly #stream: typeof Deno.stdout | typeof Deno.stderr;
  readonly #terminal: boolean;
  #last = "";

  constructor(stream: typeof Deno.stdout | typeof Deno.stderr = Deno.stdout) {
    this.#stream = stream;
    this.#terminal = stream.isTerminal();
  }

  show(progress: Progress): void {
    this.text(progressLine(progress));
  }

  /** Shows a text in the bar's place. */
  text(line: string): void {
    if (line === this.#last) return;
    this.#last = line;
    this.#write(this.#terminal ? `\r\x1b[2K${line}` : `${line}\n`);
  }

  /** Leaves the bar standing and goes on below it. */
  end(): void {
    if (this.#terminal && this.#last !== "") this.#write("\n");
    this.#last = "";
  }

  #write(text: string): void {
    try {
      this.#stream.writeSync(new TextEncoder().encode(text));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // painting goes on unwatched
    }
  }
}

/** Ctrl-C and SIGTERM: the first asks the command to stop, the second ends it. */

/** What a signal makes of a command, by the exit codes that shells know. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A command was told to stop. */
export class Interruption extends Error {
  override readonly name = "Interruption";

  constructor(readonly exitCode: number) {
    super("Interrupted");
  }
}

/** Turns signals into an abort signal until it is disposed of; its reason is an {@link Interruption}. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners: readonly (readonly [Deno.Signal, () => void])[];

  constructor() {
    this.#listeners = (["SIGINT", "SIGTERM"] as const).map((name) => {
      const listener = () => {
        if (this.#controller.signal.aborted) Deno.exit(EXIT_CODES[name]); // asked twice
        this.#controller.abort(new Interruption(EXIT_CODES[name]));
      };
      Deno.addSignalListener(name, listener);
      return [name, listener] as const;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
  }
}

/** Ending in good order when the system asks for it. Imports nothing, so that it works from the first moment on. */

/** What asks a process to end, and the exit codes by which shells tell that it did so at once. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Milliseconds until the process ends although something is still open; what was accepted is in the database. */
const DEADLINE_MS = 7500;

/** What is to be ended. */
export interface Endable {
  close(): Promise<void>;
  /** Told that closing failed, or was given up, before the process ends nevertheless. */
  failed(error: unknown): void;
}

/**
 * Ends the process on SIGINT or SIGTERM, with exit code 0: at once while there is nothing to close yet, else when it is
 * closed, within seconds. A second signal ends it at once.
 * @returns To be told what there is to close.
 */
export function endOnSignals(): (endable: Endable) => void {
  let running: Endable | undefined;
  let ending = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      if (ending) Deno.exit(SIGNALS[signal]);
      ending = true;
      if (running === undefined) Deno.exit(0);
      try {
        await Promise.race([running.close(), deadline()]);
      } catch (error) {
        running.failed(error);
      }
      Deno.exit(0);
    });
  }
  return (endable) => running = endable;
}

function deadline(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`not closed within ${DEADLINE_MS / 1000} s`)), DEADLINE_MS);
  });
}

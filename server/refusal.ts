/** Why a server does not start, in one line: operators need no stack to mend a setting. */

import { getLogger } from "@logtape/logtape";
import { ConfigError } from "./config.ts";

const log = getLogger(["parterre", "server"]);

/** Settings must change: trying again does not help. */
const EXIT_CONFIG = 2;
/** Anything else. */
const EXIT_FAILURE = 1;

/** A line for standard error, and the exit code. */
export interface Refusal {
  readonly line: string;
  readonly exitCode: number;
}

/** What to tell of an error that ended a start. */
export function refusalOf(error: unknown): Refusal {
  const words = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const line = `Cannot start: ${words.replace(/^Cannot start: /, "")}${cause}`.replaceAll(/\s*\n\s*/g, "; ");
  return { line, exitCode: error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILURE };
}

/**
 * Runs what starts something, or ends the process with one line and no stack; the stack is logged at level `debug`.
 *
 * @example
 * ```ts
 * const config = await orRefuse(() => readConfig(Deno.env.toObject()));
 * ```
 */
export async function orRefuse<T>(start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    log.debug("The start failed: {error}", { error });
    const { line, exitCode } = refusalOf(error);
    console.error(line);
    Deno.exit(exitCode);
  }
}

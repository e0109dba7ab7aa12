/** How a call into a Worker ended. Errors lose their class between threads, so they travel as plain data. */

import { type FieldPath, type InvalidInputCode, InvalidInputError } from "../errors.ts";

/** What a call came to: its value, what was wrong with its input, or why the Worker failed. */
export type Outcome<T> =
  | { readonly type: "DONE"; readonly value: T }
  | {
    readonly type: "INVALID";
    readonly code: InvalidInputCode;
    readonly path: FieldPath;
    readonly value: unknown;
    readonly rule: string;
  }
  | { readonly type: "FAILED"; readonly reason: string };

/** On the Worker's side: the outcome of a call that threw. */
export function failure(error: unknown): Outcome<never> {
  if (error instanceof InvalidInputError) {
    const { code, path, value, rule } = error;
    return { type: "INVALID", code, path, value, rule };
  }
  return { type: "FAILED", reason: error instanceof Error ? error.message : String(error) };
}

/**
 * On the caller's side: the value.
 * @param failed Makes the error of a Worker that failed.
 * @throws {InvalidInputError} if the input was at fault.
 */
export function valueOf<T>(outcome: Outcome<T>, failed: (reason: string) => Error): T {
  switch (outcome.type) {
    case "DONE":
      return outcome.value;
    case "INVALID":
      throw new InvalidInputError(outcome.code, outcome.path, outcome.value, outcome.rule);
    case "FAILED":
      throw failed(outcome.reason);
  }
}

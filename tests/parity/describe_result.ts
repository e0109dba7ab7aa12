/** The message of a failed comparison. */

import type { CaseResult } from "../../tools/parity/case.ts";

/** Name, error and tolerance in a line. */
export function describeResult({ name, error, tolerance }: CaseResult): string {
  return typeof error === "string" ? `${name}: ${error}` : `${name}: max error ${error}, tolerance ${tolerance}`;
}

/** What was answered and painted under each fault. */

import { markdownTable } from "../table.ts";
import type { Answer } from "./requests.ts";
import type { Tried } from "./try_fault.ts";

/** What came of them, as a table in Markdown. */
export function tableOfFaults(tried: readonly Tried[]): string {
  return markdownTable([
    ["Fault", "`/ready`", "Requests that need it", "Ready again", "Jobs"],
    ...tried.map(({ name, unready, answer, answeredWithin, readyAfter, endedAfter, jobs }) => [
      name,
      Object.entries(unready).map(([check, reason]) => `503, \`${check}\`: ${reason}`).join("; ") || "200",
      answer === null ? "none" : `${wordsOf(answer)} within ${seconds(answeredWithin)}`,
      `within ${seconds(readyAfter)}`,
      `${jobs.filter(({ status }) => status === "SUCCEEDED").length} of ${jobs.length} painted within ` +
      `${seconds(endedAfter)}; attempts: ${Math.max(...jobs.map(({ attempts }) => attempts))}`,
    ]),
  ]);
}

function wordsOf({ __typename, code, retryAfterSeconds }: Answer): string {
  if (__typename !== "StorageError") return "done";
  return `\`${code}\`, worth another try after ${retryAfterSeconds} s,`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

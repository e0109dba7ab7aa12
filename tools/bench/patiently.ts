/** Calls to the store of a machine that does much else. */

import { untilStored } from "../../jobs/until_stored.ts";

/** Calls again, ten times in all, where a busy machine did not answer in time. */
export function patiently<T>(call: () => Promise<T>): Promise<T> {
  return untilStored(call, { task: "go on", firstWaitMs: 100, signal: new AbortController().signal, tries: 10 });
}

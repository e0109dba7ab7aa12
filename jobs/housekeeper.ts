/** What is to be done from time to time, whether anything is asked for or not. */

import { getLogger } from "@logtape/logtape";
import type { JobQueue } from "./queue.ts";
import type { Retention } from "./retention.ts";

const log = getLogger(["parterre", "jobs"]);

/** Milliseconds between two looks for generations whose deadline has passed. */
const EXPIRY_MS = 1000;

/** Milliseconds between two sweeps. */
const SWEEP_MS = 10 * 60_000;

/** Expires what waits too long, and removes what is kept no longer, until `signal` aborts. */
export async function keepHouse(
  { queue, retention }: { readonly queue: Pick<JobQueue, "expire">; readonly retention: Pick<Retention, "sweep"> },
  signal: AbortSignal,
): Promise<void> {
  let swept = -Infinity;
  while (!signal.aborted) {
    try {
      await queue.expire();
      if (performance.now() - swept >= SWEEP_MS) {
        swept = performance.now();
        await retention.sweep(signal);
      }
    } catch (error) {
      if (!signal.aborted) log.error("Cannot keep house: {error}", { error });
    }
    await pause(EXPIRY_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => {
    clearTimeout(timer);
    resolve();
  };
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

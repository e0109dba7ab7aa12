/** Doing again what a fault of the store prevented: a full disk is no reason to lose a picture that was painted. */

import { getLogger } from "@logtape/logtape";
import { StorageError } from "../assets/storage_error.ts";

const log = getLogger(["parterre", "jobs"]);

/** The longest wait before what failed is tried again, in milliseconds. */
const LONGEST_WAIT_MS = 5000;

/** How long to wait after so many failures in a row, in milliseconds: twice as long each time. */
export function waitMs(failures: number, firstMs: number): number {
  return Math.min(LONGEST_WAIT_MS, firstMs * 2 ** (failures - 1));
}

/** Resolves after a time, or when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/** Resolves with what `event` comes to; with undefined where a time is over before, or the signal aborts. */
export async function pauseUntil<T>(event: Promise<T>, ms: number, signal?: AbortSignal): Promise<T | undefined> {
  const over = new AbortController();
  const end = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([event, pause(ms, end).then(() => undefined)]);
  } finally {
    over.abort();
  }
}

/** How persistent a call is. */
export interface Persistence {
  /** What is being done, for the log: `keep the picture of 019ab...`. */
  readonly task: string;
  /** Milliseconds until the second try; later waits are longer, 5 s at most. */
  readonly firstWaitMs: number;
  /** Nothing is tried again once it aborts. */
  readonly signal: AbortSignal;
  /** How often it is tried; default: as often as it takes. */
  readonly tries?: number;
}

/**
 * Calls until the store takes it. The first failure is logged as an error, and the end of them too.
 * @throws {StorageError} that no waiting mends, and the last one where `tries` are used up or the signal aborted.
 */
export async function untilStored<T>(call: () => Promise<T>, persistence: Persistence): Promise<T> {
  const { task, firstWaitMs, signal, tries = Infinity } = persistence;
  for (let failures = 0;;) {
    try {
      const value = await call();
      if (failures > 0) log.info("Done at try {try}: {task}", { task, try: failures + 1 });
      return value;
    } catch (error) {
      failures++;
      const hopeless = !(error instanceof StorageError) || error.retryAfterMs === null;
      if (hopeless || signal.aborted || failures >= tries) throw error;
      if (failures === 1) log.error("Tries again to {task} after: {error}", { task, error });
      await pause(waitMs(failures, firstWaitMs), signal);
    }
  }
}

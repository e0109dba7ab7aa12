/** What the conformance suites ask of a backend. */

import type { EventLog } from "../../jobs/events.ts";
import type { JobQueue } from "../../jobs/queue.ts";

/** Settings that tests vary; what is absent is the backend's default. */
export interface BackendOptions {
  readonly maxQueued?: number;
  readonly maxAttempts?: number;
  readonly previewRetentionMs?: number;
  readonly pollMs?: number;
  /** False: need not survive a power cut; for tests that write much. */
  readonly sync?: boolean;
}

/** A queue and its log on storage of their own. */
export interface Backend extends AsyncDisposable {
  readonly queue: JobQueue;
  readonly events: EventLog;
  /** The backend's clock, in milliseconds; moves only when a test moves it. */
  readonly clock: { now: number };
  /** Closes everything and opens it again on the same storage, as a new process would. */
  reopen(): Promise<void>;
}

export type OpenBackend = (options?: BackendOptions) => Promise<Backend>;

/** The error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("Expected a rejection");
}

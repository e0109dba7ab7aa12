/** What the conformance suites ask of a backend. */

import type { EventLog } from "../../jobs/events.ts";
import type { GenerationStatus } from "../../jobs/generation.ts";
import type { GenerationStore } from "../../jobs/generation_store.ts";
import type { JobQueue } from "../../jobs/queue.ts";
import type { WorkQueue } from "../../jobs/work_queue.ts";
import type { Store } from "../../store/store.ts";

/** Settings that tests vary; what is absent is the backend's default. */
export interface BackendOptions {
  readonly maxQueued?: number;
  readonly maxAttempts?: number;
  readonly previewRetentionMs?: number;
  readonly pollMs?: number;
  /** False: need not survive a power cut; for tests that write much. */
  readonly sync?: boolean;
}

/** A queue, its records and its log on storage of their own. */
export interface Backend extends AsyncDisposable {
  readonly queue: JobQueue;
  readonly work: WorkQueue;
  readonly generations: GenerationStore;
  readonly events: EventLog;
  /** All of it, also what is not about jobs. */
  readonly store: Store;
  /** Whether no other process can be at work on it: what was running is queued again as soon as it is opened. */
  readonly alone: boolean;
  /** The backend's clock, in milliseconds; moves only when a test moves it. */
  readonly clock: { now: number };
  /** Closes everything and opens it again on the same storage, as a new process would. */
  reopen(): Promise<void>;
}

export type OpenBackend = (options?: BackendOptions) => Promise<Backend>;

/** How many generations there are, of all statuses or of one; fewer than a thousand. */
export async function countOf(
  generations: Pick<GenerationStore, "list">,
  status?: GenerationStatus,
): Promise<number> {
  const { items } = await generations.list({ first: 1000, ...(status === undefined ? {} : { status }) });
  return items.length;
}

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

/** What must be true of jobs after whatever happened to those who did them. */

import type { Followed } from "./follow.ts";
import type { Ended, JobInput } from "./jobs.ts";

/** A job, and what is known of it at the end. */
export interface JobRecord {
  readonly id: string;
  readonly input: JobInput;
  /** The id that its idempotency key stands for at the end. */
  readonly again: string;
  /** What its subscriber saw, through everything that happened. */
  readonly live: Followed;
  /** What a subscriber is told at the end. */
  readonly replayed: Followed;
  readonly ended: Ended;
}

/**
 * Looks at jobs.
 * @param undisturbed By input: the hash of the picture that was painted while nothing happened.
 * @returns One line for everything that is wrong.
 */
export function faultsOf(jobs: readonly JobRecord[], undisturbed: ReadonlyMap<JobInput, string>): readonly string[] {
  return jobs.flatMap((job) => [...faultsOfJob(job, undisturbed.get(job.input))].map((fault) => `${job.id}: ${fault}`));
}

function* faultsOfJob({ id, again, live, replayed, ended }: JobRecord, picture: string | undefined): Generator<string> {
  if (again !== id) yield `its key stands for ${again} now`;
  for (const [who, { sequences, ends }] of Object.entries({ live, replayed })) {
    const fault = orderFault(sequences);
    if (fault !== undefined) yield `${who}: ${fault}`;
    if (ends.length !== 1) yield `${who}: ends ${ends.length} times`;
    if (ends.some((status) => status !== ended.status)) yield `${who}: ends ${ends}, but it is ${ended.status}`;
  }
  if (live.sequences.length !== replayed.sequences.length) {
    yield `${live.sequences.length} events live, ${replayed.sequences.length} at the end`;
  }
  if (ended.status === "SUCCEEDED" && ended.sha256 === null) yield "succeeded without a picture";
  if (ended.sha256 !== null && ended.sha256 !== picture) yield "its picture differs from the undisturbed one";
  if (ended.status !== "SUCCEEDED" && ended.status !== "FAILED") yield `it is ${ended.status}`;
}

/** What is wrong with sequences that should be 1, 2, 3 and so on. */
export function orderFault(sequences: readonly number[]): string | undefined {
  const at = sequences.findIndex((sequence, i) => sequence !== i + 1);
  if (at < 0) return sequences.length === 0 ? "no event" : undefined;
  return `event ${sequences[at]} comes after ${sequences[at - 1] ?? "none"}`;
}

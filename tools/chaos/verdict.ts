/** What must be true of jobs after whatever happened to those who did them. */

import type { Followed } from "./follow.ts";
import type { Ended, JobInput } from "./jobs.ts";

/** An event as it stands in the log. */
export interface LogRow {
  readonly sequence: number;
  readonly type: string;
}

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
  /** What the database has. */
  readonly log: readonly LogRow[];
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

function* faultsOfJob(
  { id, again, live, replayed, log, ended }: JobRecord,
  picture: string | undefined,
): Generator<string> {
  if (again !== id) yield `its key stands for ${again} now`;
  yield* faultsOfLog(log);
  for (const [who, followed] of Object.entries({ live, replayed })) {
    for (const fault of faultsOfFollowed(followed, log, ended.status)) yield `${who}: ${fault}`;
  }
  if (ended.status === "SUCCEEDED" && ended.sha256 === null) yield "succeeded without a picture";
  if (ended.sha256 !== null && ended.sha256 !== picture) yield "its picture differs from the undisturbed one";
  if (ended.status !== "SUCCEEDED" && ended.status !== "FAILED") yield `it is ${ended.status}`;
}

/** A log has the sequences 1, 2, 3 and so on, and one end, at the end. */
export function* faultsOfLog(log: readonly LogRow[]): Generator<string> {
  const at = log.findIndex(({ sequence }, i) => sequence !== i + 1);
  if (at >= 0) yield `log: event ${log[at]?.sequence} comes after ${log[at - 1]?.sequence ?? "none"}`;
  const ends = log.filter(({ type }) => type === "COMPLETED").length;
  if (ends !== 1) yield `log: ends ${ends} times`;
  if (log.at(-1)?.type !== "COMPLETED") yield `log: its last event is ${log.at(-1)?.type ?? "none"}`;
}

/**
 * A subscriber sees each event of the log once, in order, and of nothing else; what may be missing are previews, whose
 * pixels are in Redis alone.
 */
export function* faultsOfFollowed(
  { sequences, ends }: Followed,
  log: readonly LogRow[],
  status: string,
): Generator<string> {
  const at = sequences.findIndex((sequence, i) => sequence <= (sequences[i - 1] ?? 0));
  if (at >= 0) yield `event ${sequences[at]} comes after ${sequences[at - 1] ?? "none"}`;
  const [seen, known] = [new Set(sequences), new Set(log.map(({ sequence }) => sequence))];
  for (const sequence of seen.difference(known)) yield `event ${sequence} is not in the log`;
  for (const { sequence, type } of log) {
    if (type !== "PREVIEW" && !seen.has(sequence)) yield `${type} event ${sequence} is missing`;
  }
  if (ends.length !== 1 || ends[0] !== status) yield `ends [${ends}], but it is ${status}`;
}

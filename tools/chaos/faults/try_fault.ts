/** One fault under jobs: what is said meanwhile, and what became of them. */

import { strict as assert } from "node:assert";
import { GraphqlClient } from "../../../cli/graphql_client.ts";
import { until } from "../../cluster/engines/service.ts";
import { follow } from "../follow.ts";
import { accept, type Ended, ended } from "../jobs.ts";
import type { Fault, Place } from "./faults.ts";

/** What a request was answered. */
export interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly retryAfterSeconds?: number | null;
}

/** What came of it. */
export interface Tried {
  readonly name: string;
  /** What `/ready` said was in the way, by check. */
  readonly unready: Readonly<Record<string, string>>;
  /** Null where no request needs what was away. */
  readonly answer: Answer | null;
  /** Seconds until the answer came. */
  readonly answeredWithin: number;
  /** Seconds until `/ready` answered 200 again, from the end of the fault. */
  readonly readyAfter: number;
  /** Seconds until the last job ended, from the end of the fault. */
  readonly endedAfter: number;
  readonly jobs: readonly Ended[];
  /** One line for everything that is wrong. */
  readonly faults: readonly string[];
}

/** How it is tried. */
export interface TryOptions {
  /** How long it lasts, in seconds. */
  readonly seconds: number;
  /** Of the jobs that are in work and wait meanwhile. */
  readonly steps: number;
  /** Seconds from the fault's end in which all must be well. */
  readonly patience: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @throws {Error} if something is stuck. */
export async function tryFault(fault: Fault, place: Place, options: TryOptions): Promise<Tried> {
  const { servers: [server] } = place.cluster;
  if (server === undefined) throw new Error("There is no server");
  const { url } = server;
  const client = new GraphqlClient(url);
  const signal = AbortSignal.timeout((options.seconds + options.patience) * 1000);
  const members = [...place.cluster.servers, ...place.cluster.workers];
  const pids = members.map(({ pid }) => pid).join();
  const faults: string[] = [];

  const ids = [1, 2, 3].map((seed) => accept(client, { seed, steps: options.steps }, undefined, signal));
  const jobs = (await Promise.all(ids)).map((id) => ({ id, followed: follow(client, id, signal) }));
  await pause(300); // some are in work
  const since = performance.now();
  await fault.begin(place);

  const unready: Record<string, string> = {};
  const look = async () => {
    const { status, checks } = await ready(url);
    for (const [name, { ok, reason = "" }] of Object.entries(checks)) if (!ok) unready[name] ??= reason;
    return status;
  };
  const asked = { answer: null as Answer | null, within: 0 };
  const asking = async () => {
    if (fault.refuses === null) return;
    const from = performance.now();
    while (asked.answer === null && performance.now() - since < options.seconds * 1000) {
      const answer = await ASK[fault.refuses](client).catch((error): Answer => ({ __typename: `${error}` }));
      // A full disk may have had room for one more.
      if (answer.__typename === "Generation" && fault.waits !== true) await pause(20);
      else Object.assign(asked, { answer, within: (performance.now() - from) / 1000 });
    }
  };
  const asks = asking();
  while (performance.now() - since < options.seconds * 1000) {
    await look();
    const health = await fetch(`${url}/health`);
    if (await health.text() !== "ok") faults.push(`/health answered ${health.status}`);
    await pause(500);
  }
  await fault.end(place);

  const over = performance.now();
  const sinceOver = () => (performance.now() - over) / 1000;
  await until(async () => assert.equal(await look(), 200, `not ready after ${fault.name}`), options.patience * 1000);
  const readyAfter = sinceOver();
  await asks;
  const followed = await Promise.all(jobs.map(({ followed }) => followed));
  const endedAfter = sinceOver();
  const ends = await Promise.all(jobs.map(({ id }) => ended(client, id, signal)));

  const { answer } = asked;
  if (fault.check !== null && !(fault.check in unready)) faults.push(`/ready did not name ${fault.check}`);
  const typed = answer?.__typename === "StorageError" ||
    (fault.waits === true && /^(Generation|MaskAsset)$/.test(answer?.__typename ?? ""));
  if (fault.refuses !== null && !typed) faults.push(`answered ${answer?.__typename}`);
  if (answer?.__typename === "StorageError" && typeof answer.retryAfterSeconds !== "number") {
    faults.push("refused without a time to try again");
  }
  if (followed.some(({ ends }) => ends.length !== 1)) faults.push("a subscriber saw several ends");
  if (ends.some(({ status }) => status !== "SUCCEEDED")) faults.push("a job did not succeed");
  if (members.map(({ pid }) => pid).join() !== pids) faults.push("a process ended");
  return {
    name: fault.name,
    unready,
    answer,
    answeredWithin: asked.within,
    readyAfter,
    endedAfter,
    jobs: ends,
    faults,
  };
}

interface Report {
  readonly status: number;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

async function ready(url: string): Promise<Report> {
  const response = await fetch(`${url}/ready`);
  return { ...await response.json(), status: response.status };
}

const REFUSED = "... on StorageError { code retryAfterSeconds }";

/** Requests that need something, and their answers. */
const ASK = {
  generate: async (client: GraphqlClient): Promise<Answer> => {
    const input = { model: "tiny-sd15", width: 64, height: 64, steps: 1, layout: { regions: [], basePrompt: "a" } };
    const query = `mutation ($input: GenerateInput!) { generate(input: $input) { __typename ${REFUSED} } }`;
    return (await client.request<{ generate: Answer }>(query, { input })).generate;
  },
  uploadMask: async (client: GraphqlClient): Promise<Answer> => {
    const query = `mutation ($file: File!) { uploadMask(file: $file) { __typename ${REFUSED} } }`;
    const files = { "variables.file": new File([Uint8Array.fromBase64(MASK)], "mask.png") };
    return (await client.request<{ uploadMask: Answer }>(query, { file: null }, { files })).uploadMask;
  },
} as const;

/** A PNG file of one grey pixel. */
const MASK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

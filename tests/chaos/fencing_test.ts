/** Workers that are cut off while they paint, over real processes: what they do afterwards changes nothing. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { follow, type SeenEvent } from "../../tools/chaos/follow.ts";
import { accept, ended, type JobInput } from "../../tools/chaos/jobs.ts";
import { readLogs } from "../../tools/chaos/log.ts";
import { faultsOfFollowed, faultsOfLog } from "../../tools/chaos/verdict.ts";
import { type Cluster, startCluster } from "../../tools/cluster/cluster.ts";
import { CUT } from "../../tools/cluster/engines/fault_proxy.ts";
import { until } from "../../tools/cluster/engines/service.ts";
import type { Member } from "../../tools/cluster/member.ts";

const WORKERS = ["worker-1", "worker-2", "worker-3"];

/** Milliseconds for whatever is waited for. */
const PATIENCE_MS = 45_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is so. */
async function untilSo(look: () => boolean, what: string): Promise<void> {
  await until(() => look() ? Promise.resolve() : Promise.reject(new Error(`Not so: ${what}`)), PATIENCE_MS);
}

/** Whoever paints, by what is painted. */
async function painters(cluster: Cluster, client: GraphqlClient): Promise<ReadonlyMap<string, Member>> {
  const { workers } = await client.request<
    { workers: readonly { id: string; painting: { generationId: string } | null }[] }
  >("{ workers { id painting { generationId } } }");
  return new Map(workers.flatMap(({ id, painting }) => {
    const member = cluster.workers.find(({ pid }) => id.split("-").includes(`${pid}`));
    return painting === null || member === undefined ? [] : [[painting.generationId, member]];
  }));
}

/** A job that is watched from its acceptance on. */
async function watched(client: GraphqlClient, input: JobInput, signal: AbortSignal) {
  const id = await accept(client, input, undefined, signal);
  const events: SeenEvent[] = [];
  const followed = follow(client, id, signal, { seen: (event) => events.push(event) });
  return { id, events, followed };
}

/**
 * The tokens under which checkpoints of a generation stand that is not at its end, at every look until the signal aborts.
 * What is written after its end is swept.
 */
async function tokensOf(database: string, id: string, signal: AbortSignal): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const tokens: number[] = [];
  while (!signal.aborted) {
    const { rows } = await client.query<{ token: string }>(
      `SELECT checkpoints.token FROM checkpoints JOIN generations ON generations.id = generation_id
        WHERE generation_id = $1 AND status <> 'SUCCEEDED'`,
      [id.slice(id.indexOf(":") + 1)],
    );
    tokens.push(...rows.map(({ token }) => Number(token)));
    await pause(20);
  }
  await client.end();
  return tokens;
}

const lost = ({ reason }: SeenEvent) => reason?.includes("the worker was lost in attempt 1") ?? false;

Deno.test("workers that were cut off for longer than their lease are refused; subscribers see the other attempts", async () => {
  await using cluster = await startCluster({
    servers: 1,
    workers: WORKERS.length,
    cuttable: [...WORKERS, "server-1"],
    environment: {
      PARTERRE_MODELS: fileURLToPath(new URL("../fixtures/models", import.meta.url)),
      PARTERRE_PRELOAD: "tiny-sd15",
      PARTERRE_MAX_ACTIVE: "0",
      PARTERRE_MAX_STEPS: "1000",
    },
  });
  const client = new GraphqlClient(cluster.servers[0]?.url ?? "");
  const signal = AbortSignal.timeout(120_000);
  const waysOf = (name: string) => {
    const ways = cluster.ways.get(name);
    assert.ok(ways !== undefined, name);
    return ways;
  };
  const logOf = ({ name }: Member) => Deno.readTextFileSync(`${cluster.folder}/${name}.log`);

  const [long, short]: readonly JobInput[] = [{ seed: 1, steps: 600 }, { seed: 2, steps: 20 }];
  assert.ok(long !== undefined && short !== undefined);
  const undisturbed = await Promise.all([long, short].map(async (input) => {
    const { id, followed } = await watched(client, input, signal);
    await followed;
    return (await ended(client, id, signal)).sha256;
  }));

  // One worker is in the middle; another has its picture, and cannot put it into the object store.
  for (const name of WORKERS) waysOf(name).s3.set(CUT);
  const jobs = [await watched(client, long, signal), await watched(client, short, signal)] as const;
  const [inWork, painted] = jobs;
  await untilSo(() => inWork.events.some(({ step = 0 }) => step >= 40), "the long one is in work");
  await untilSo(() => painted.events.some(({ step }) => step === short.steps), "the short one is painted");
  let by: ReadonlyMap<string, Member> = new Map();
  await until(async () => {
    by = await painters(cluster, client); // it is told a second late
    assert.ok(by.has(inWork.id) && by.has(painted.id), "nobody has them");
  }, PATIENCE_MS);
  const [first, second] = [by.get(inWork.id), by.get(painted.id)];
  assert.ok(first !== undefined && second !== undefined, "both are in the hands of workers");
  const tokensSeen = new AbortController();
  const tokens = tokensOf(cluster.environment.PARTERRE_DATABASE ?? "", inWork.id, tokensSeen.signal);
  for (const { name } of [first, second]) {
    waysOf(name).postgres.set(CUT);
    waysOf(name).redis.set(CUT);
  }
  // The server's connections to Redis are gone as well, and nobody told it.
  waysOf("server-1").redis.forget();
  for (const { name } of cluster.workers) if (name !== first.name && name !== second.name) waysOf(name).s3.set();

  await untilSo(() => jobs.every(({ events }) => events.some(lost)), "both leases are over");
  const again = () => inWork.events.slice(inWork.events.findIndex(lost)).some(({ step }) => step !== undefined);
  await untilSo(again, "another goes on with the long one");
  for (const { name } of [first, second]) {
    for (const way of ["postgres", "redis", "s3"] as const) waysOf(name)[way].set();
  }
  const followed = await Promise.all(jobs.map(({ followed }) => followed));
  tokensSeen.abort();
  assert.deepEqual(await tokens, (await tokens).toSorted((a, b) => a - b), "its checkpoints were not written over");

  const logs = await readLogs(cluster.environment.PARTERRE_DATABASE ?? "", jobs.map(({ id }) => id));
  for (const [i, { id, events }] of jobs.entries()) {
    const log = logs.get(id) ?? [];
    const seen = followed[i];
    assert.ok(seen !== undefined);
    assert.deepEqual([...faultsOfLog(log), ...faultsOfFollowed(seen, log, "SUCCEEDED")], []);
    assert.deepEqual(await ended(client, id, signal), { status: "SUCCEEDED", attempts: 2, sha256: undisturbed[i] });
    const statuses = events.flatMap(({ status, reason }) => status === undefined ? [] : [reason ?? status]);
    assert.match(
      statuses.join(),
      /^QUEUED,RUNNING,the worker was lost in attempt 1 of 3,RUNNING(,continues after step \d+ of \d+|,begins anew[^,]*)?,SUCCEEDED$/,
    );
  }
  for (const member of [first, second]) {
    await untilSo(() => /Lost the lease/.test(logOf(member)), `${member.name} was told:\n${logOf(member)}`);
  }

  // All are as good as before.
  const ready = async (url: string) => {
    const { status, body } = await fetch(`${url}/ready`);
    await body?.cancel();
    if (status !== 200) throw new Error(`${url} answers ${status}`);
  };
  for (const { url } of [...cluster.servers, ...cluster.workers]) await until(() => ready(url), PATIENCE_MS);
  const more = await Promise.all(WORKERS.map((_, i) => watched(client, { seed: 10 + i, steps: 120 }, signal)));
  await until(async () => assert.equal((await painters(cluster, client)).size, WORKERS.length), PATIENCE_MS);
  for (const { id, followed } of more) {
    await followed;
    assert.equal((await ended(client, id, signal)).attempts, 1);
  }
});

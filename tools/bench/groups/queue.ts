/**
 * What handing out work costs where many workers share it: on a real Redis and a real PostgreSQL, with workers that sleep
 * instead of computing. `PARTERRE_DATABASE`, which must hold no generations, and `PARTERRE_REDIS` may name them; else
 * they are started.
 */

import { rm } from "node:fs/promises";
import { type FleetRedis, openRedis } from "../../../fleet/redis.ts";
import { TicketWriter } from "../../../fleet/ticket_writer.ts";
import { Tickets } from "../../../fleet/tickets.ts";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { PLAIN_LAYOUT } from "../../../layout/layout.ts";
import { openStore } from "../../../store/open.ts";
import type { Store } from "../../../store/store.ts";
import { startPostgres } from "../../cluster/engines/postgres.ts";
import { startRedis } from "../../cluster/engines/redis.ts";
import { cpuTime } from "../cpu_time.ts";
import { figure, type Row } from "../figure.ts";
import { limited } from "../limited.ts";
import type { BenchOptions } from "../options.ts";
import { patiently } from "../patiently.ts";
import { type Engines, type Sleepers, startSleepers } from "../sleepers.ts";
import { summarize } from "../statistics.ts";

const MODEL = "sleeper";

/** Processes of sleepers. */
const PROCESSES = 4;

/** Calls to the database at once. */
const CONNECTIONS = 4;

/** How long a worker sleeps over a picture, in milliseconds. */
const SLEEP_MS = 50;

/** Pictures a second that are asked for while the wait is measured. */
const PACE = 25;

const REQUEST: GenerationRequest = {
  model: MODEL,
  layout: { ...PLAIN_LAYOUT, basePrompt: "nothing" },
  savedLayout: null,
  width: 256,
  height: 256,
  steps: 20,
  sampler: "euler",
  schedule: "model",
  guidanceStart: 0,
  guidanceEnd: 1,
  previews: "linear",
  guidanceScale: 7.5,
  seed: 1,
  mode: "attention",
  format: "PNG",
};

/** Memory of a long queue, time of claims by its length, and claims by a fleet of sleepers. */
export async function* queue({ quick }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using stack = new AsyncDisposableStack();
  const engines = await enginesFor(stack).catch((error: Error) => error);
  if (engines instanceof Error) {
    yield { name: "handing out work to many", unmeasured: engines.message };
    return;
  }
  const folder = Deno.makeTempDirSync({ prefix: "parterre-bench-queue-" });
  stack.defer(() => rm(folder, { recursive: true }));
  const redis = stack.adopt(await openRedis(engines.redis, `bench:${crypto.randomUUID()}`), (open) => open.close());
  const tickets = stack.adopt(new Tickets(redis), (open) => open.close());
  const { database } = engines;
  const store = await openStore(folder, { database, maxQueued: 1e6, observer: new TicketWriter(tickets) });
  stack.defer(() => store.close());
  const { items } = await store.generations.list({ first: 1 });
  if (items.length > 0) throw new Error("PARTERRE_DATABASE must hold no generations");

  const long = quick ? 500 : 10_000;
  yield* byLength(store, redis, long);
  const fleet = { ...engines, prefix: redis.prefix };
  yield* bySleepers(store, fleet, quick ? { sleepers: 20, pictures: 200 } : { sleepers: 1000, pictures: 10_000 });
}

/** Those that the environment names, or else some of its own, which end with the stack. */
async function enginesFor(stack: AsyncDisposableStack): Promise<Pick<Engines, "database" | "redis">> {
  const { PARTERRE_DATABASE: database, PARTERRE_REDIS: redis } = Deno.env.toObject();
  if (database !== undefined && redis !== undefined) return { database, redis };
  const [postgres, own] = [stack.use(await startPostgres({ synced: true })), stack.use(await startRedis())];
  return { database: await postgres.createDatabase(), redis: own.url };
}

/** A short queue and a long one. */
async function* byLength(store: Store, redis: FleetRedis, long: number): AsyncGenerator<Row, void, undefined> {
  const before = await memoryOf(redis);
  await enqueue(store, 110);
  await claimTimes(store, 50); // the first ones are slower, whatever waits
  const short = await claimTimes(store, 50);
  await enqueue(store, long);
  await new Promise((resolve) => setTimeout(resolve, 1000)); // tickets are made behind
  const grown = await memoryOf(redis) - before;
  yield figure(`Redis memory of ${long} queued pictures`, summarize([grown / 1e6]), { unit: "MB", goal: 200 });
  const times = await claimTimes(store, 50);
  yield figure("a claim, 10 queued", summarize(short), { unit: "ms" });
  yield figure(`a claim, ${long} queued`, summarize(times), { unit: "ms" });
  // Of the quickest: they cannot be sampled in turn, and what else the machine does makes claims slower, never quicker.
  const ratio = summarize(times).min / summarize(short).min;
  yield figure(`the quickest claim, ${long} queued / 10 queued`, summarize([ratio]), { unit: "x", goal: 1.2 });
}

async function* bySleepers(
  store: Store,
  engines: Engines,
  { sleepers, pictures }: { readonly sleepers: number; readonly pictures: number },
): AsyncGenerator<Row, void, undefined> {
  /** When, in milliseconds since the epoch. */
  const claimed = new Map<string, number>();
  const started = Array.from(
    { length: PROCESSES },
    () => startSleepers(engines, { model: MODEL, count: sleepers / PROCESSES, sleepMs: SLEEP_MS }, claimed),
  );
  await Promise.all(started.map(({ ready }) => ready));
  // What the long queue left is work for them.
  const left = (await store.queue.stats()).queued;
  const since = performance.now();
  const spent = cpuOf(started);
  await enqueue(store, Math.max(0, pictures - left));
  while (claimed.size < Math.max(pictures, left)) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - since) / 1000;
  yield figure(`claims by ${sleepers} workers`, summarize([claimed.size / seconds]), { unit: "/s", better: "higher" });
  const each = 1000 * (cpuOf(started) - spent) / claimed.size;
  yield figure("processor time of a claim and its end, at the worker", summarize([each]), { unit: "ms" });

  await new Promise((resolve) => setTimeout(resolve, 2000)); // all are idle
  const waits: number[] = [];
  for (let i = 0; i < Math.min(250, pictures / 8); i++) {
    const { generation: { id } } = await store.queue.enqueue(REQUEST);
    const accepted = performance.timeOrigin + performance.now();
    while (!claimed.has(id)) await new Promise((resolve) => setTimeout(resolve, 1));
    waits.push(Math.max(0, (claimed.get(id) ?? 0) - accepted));
    await new Promise((resolve) => setTimeout(resolve, 1000 / PACE));
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(0.99 * sorted.length)] ?? NaN;
  yield figure(`accepted to claimed, ${sleepers} idle workers, median`, summarize(waits), { unit: "ms" });
  yield figure(`accepted to claimed, ${sleepers} idle workers, p99`, summarize([p99]), { unit: "ms", goal: 50 });
  await Promise.all(started.map(({ stop }) => stop()));
}

function cpuOf(started: readonly Sleepers[]): number {
  return started.reduce((sum, { pid }) => sum + cpuTime(pid), 0);
}

async function enqueue({ queue }: Store, count: number): Promise<void> {
  const turns = limited(CONNECTIONS);
  const one = (_: unknown, i: number) =>
    turns(() => patiently(() => queue.enqueue(REQUEST, { lane: `lane ${i % 10}` })));
  await Promise.all(Array.from({ length: count }, one));
}

/** Milliseconds of each of some claims from the records, one after the other. */
async function claimTimes({ work }: Store, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const since = performance.now();
    const claim = await patiently(() => work.claim("bench", 60_000, { models: [MODEL] }));
    times.push(performance.now() - since);
    if (claim === null) throw new Error("There was nothing to claim");
    await patiently(() =>
      work.fail(claim.generation.id, claim.token, { code: "BENCH", message: "nothing was painted" })
    );
  }
  return times;
}

async function memoryOf({ commands }: FleetRedis): Promise<number> {
  return Number((await commands.info("memory")).match(/used_memory:(\d+)/)?.[1]);
}

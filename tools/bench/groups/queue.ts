/**
 * What handing out work costs where many workers share it: on a real Redis and a real PostgreSQL, with workers that sleep
 * instead of computing. They are named by `PARTERRE_DATABASE`, which must hold no generations, and `PARTERRE_REDIS`.
 */

import { rm } from "node:fs/promises";
import { DispatchedWork } from "../../../fleet/dispatched_work.ts";
import { type FleetRedis, openRedis } from "../../../fleet/redis.ts";
import { TicketWriter } from "../../../fleet/ticket_writer.ts";
import { Tickets } from "../../../fleet/tickets.ts";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { PLAIN_LAYOUT } from "../../../layout/layout.ts";
import { openStore } from "../../../store/open.ts";
import { untilStored } from "../../../jobs/until_stored.ts";
import type { WorkQueue } from "../../../jobs/work_queue.ts";
import type { Store } from "../../../store/store.ts";
import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { summarize } from "../statistics.ts";

const MODEL = "sleeper";

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
  const { PARTERRE_DATABASE: database, PARTERRE_REDIS: url } = Deno.env.toObject();
  if (database === undefined || url === undefined) {
    yield { name: "handing out work to many", unmeasured: "PARTERRE_DATABASE and PARTERRE_REDIS name no engines" };
    return;
  }
  await using stack = new AsyncDisposableStack();
  const folder = Deno.makeTempDirSync({ prefix: "parterre-bench-queue-" });
  stack.defer(() => rm(folder, { recursive: true }));
  const redis = stack.adopt(await openRedis(url, `bench:${crypto.randomUUID()}`), (open) => open.close());
  const tickets = stack.adopt(new Tickets(redis), (open) => open.close());
  const store = await openStore(folder, { database, maxQueued: 1e6, observer: new TicketWriter(tickets) });
  stack.defer(() => store.close());
  const { items } = await store.generations.list({ first: 1 });
  if (items.length > 0) throw new Error("PARTERRE_DATABASE must hold no generations");

  const long = quick ? 500 : 10_000;
  yield* byLength(store, redis, long);
  yield* bySleepers(store, redis, quick ? { sleepers: 20, pictures: 200 } : { sleepers: 1000, pictures: 10_000 });
}

/** A short queue and a long one. */
async function* byLength(store: Store, redis: FleetRedis, long: number): AsyncGenerator<Row, void, undefined> {
  const before = await memoryOf(redis);
  await enqueue(store, 60);
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
  redis: FleetRedis,
  { sleepers, pictures }: { readonly sleepers: number; readonly pictures: number },
): AsyncGenerator<Row, void, undefined> {
  const claimed = new Map<string, number>();
  const stop = new AbortController();
  const ready: Tickets[] = [];
  // A process has a few connections to the database; these thousand are one process.
  const turns = limited(CONNECTIONS);
  const records: WorkQueue = {
    ...bound(store.work),
    claim: (...args) => turns(() => patiently(() => store.work.claim(...args))),
    fail: (...args) => turns(() => patiently(() => store.work.fail(...args))),
  };
  const sleep = async () => {
    const own = new Tickets(redis);
    ready.push(own);
    const work = new DispatchedWork(records, own, { preference: () => ({ warm: [MODEL], cold: [] }) });
    while (!stop.signal.aborted) {
      const claim = await work.claim("sleeper", 60_000);
      if (claim === null) {
        await work.waitForWork(stop.signal);
        continue;
      }
      claimed.set(claim.generation.id, performance.now());
      await new Promise((resolve) => setTimeout(resolve, SLEEP_MS));
      await work.fail(claim.generation.id, claim.token, { code: "SLEPT", message: "nothing was painted" });
    }
  };
  // What the long queue left is work for them.
  const left = (await store.queue.stats()).queued;
  const since = performance.now();
  const all = Array.from({ length: sleepers }, sleep);
  await enqueue(store, Math.max(0, pictures - left));
  while (claimed.size < Math.max(pictures, left)) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - since) / 1000;
  yield figure(`claims by ${sleepers} workers`, summarize([claimed.size / seconds]), { unit: "/s", better: "higher" });

  await new Promise((resolve) => setTimeout(resolve, 2000)); // all are idle
  const waits: number[] = [];
  for (let i = 0; i < Math.min(250, pictures / 8); i++) {
    const { generation: { id } } = await store.queue.enqueue(REQUEST);
    const accepted = performance.now();
    while (!claimed.has(id)) await new Promise((resolve) => setTimeout(resolve, 1));
    waits.push(Math.max(0, (claimed.get(id) ?? 0) - accepted));
    await new Promise((resolve) => setTimeout(resolve, 1000 / PACE));
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(0.99 * sorted.length)] ?? NaN;
  yield figure(`accepted to claimed, ${sleepers} idle workers, median`, summarize(waits), { unit: "ms" });
  yield figure(`accepted to claimed, ${sleepers} idle workers, p99`, summarize([p99]), { unit: "ms", goal: 50 });
  stop.abort();
  await Promise.all(all);
  await Promise.all(ready.map((own) => own.close()));
}

/** Calls again where a busy machine did not answer in time. */
function patiently<T>(call: () => Promise<T>): Promise<T> {
  return untilStored(call, { task: "go on", firstWaitMs: 100, signal: new AbortController().signal, tries: 10 });
}

/** Lets so many calls go on at once; the others wait, in order. */
function limited(count: number): <T>(call: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/** The methods of a queue as an object of their own. */
function bound(work: WorkQueue): WorkQueue {
  return {
    waitForWork: (signal) => work.waitForWork(signal),
    claim: (...args) => work.claim(...args),
    renew: (...args) => work.renew(...args),
    onCancel: (...args) => work.onCancel(...args),
    begin: (...args) => work.begin(...args),
    progress: (...args) => work.progress(...args),
    noteRegionMasks: (...args) => work.noteRegionMasks(...args),
    complete: (...args) => work.complete(...args),
    fail: (...args) => work.fail(...args),
    release: (...args) => work.release(...args),
    recover: (...args) => work.recover(...args),
  };
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

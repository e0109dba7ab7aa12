/**
 * Workers that sleep instead of computing, many in a process: what they take to talk to Redis and PostgreSQL is taken from
 * several event loops, so that none of these is what is measured.
 *
 * Arguments: the URLs of the database and of Redis, the prefix of the fleet's keys, the model, how many workers, how
 * long each sleeps over a picture in milliseconds. Prints `ready`, then a line `ID AT` for each claim, its time in
 * milliseconds since the epoch; ends when its input does.
 */

import { rm } from "node:fs/promises";
import { DispatchedWork } from "../../fleet/dispatched_work.ts";
import { type FleetRedis, openRedis } from "../../fleet/redis.ts";
import { Tickets } from "../../fleet/tickets.ts";
import type { WorkQueue } from "../../jobs/work_queue.ts";
import { openStore } from "../../store/open.ts";
import { limited } from "./limited.ts";
import { patiently } from "./patiently.ts";

/** Calls to the database at once, in one process. */
const CONNECTIONS = 4;

/** One worker, until `signal` aborts. */
async function sleeper(
  store: WorkQueue,
  redis: FleetRedis,
  model: string,
  sleepMs: number,
  signal: AbortSignal,
): Promise<void> {
  const tickets = new Tickets(redis);
  const work = new DispatchedWork(store, tickets, { preference: () => ({ warm: [model], cold: [] }) });
  while (!signal.aborted) {
    const claim = await turns(() => patiently(() => work.claim("sleeper", 60_000)));
    if (claim === null) {
      await work.waitForWork(signal);
      continue;
    }
    const { generation: { id }, token } = claim;
    console.log(`${id} ${performance.timeOrigin + performance.now()}`);
    await new Promise((resolve) => setTimeout(resolve, sleepMs));
    await turns(() => patiently(() => work.fail(id, token, { code: "SLEPT", message: "nothing was painted" })));
  }
  await tickets.close();
}

const turns = limited(CONNECTIONS);
const [database, url = "", prefix = "", model = "", sleepers, sleepMs] = Deno.args;
const folder = Deno.makeTempDirSync({ prefix: "parterre-bench-sleepers-" });
const redis = await openRedis(url, prefix);
const store = await openStore(folder, { database });
const stop = new AbortController();
const all = Array.from(
  { length: Number(sleepers) },
  () => sleeper(store.work, redis, model, Number(sleepMs), stop.signal),
);
console.log("ready");
for await (const _ of Deno.stdin.readable); // until it ends
stop.abort();
await Promise.all(all);
await store.close();
await redis.close();
await rm(folder, { recursive: true });

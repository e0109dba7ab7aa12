/** The conformance suites over PostgreSQL with rings and live events over Redis. */

import { EventStreams } from "../../fleet/event_streams.ts";
import { openRedis } from "../../fleet/redis.ts";
import { RedisBell } from "../../fleet/redis_bell.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import type { Backend, BackendOptions } from "../jobs/backend.ts";
import { eventLogConformance } from "../jobs/event_log_conformance.ts";
import { queueConformance } from "../jobs/queue_conformance.ts";
import { startPostgres } from "../../tools/cluster/engines/postgres.ts";
import { startRedis } from "../../tools/cluster/engines/redis.ts";

const postgres = await startPostgres();

async function openFleet(options: BackendOptions = {}): Promise<Backend> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startRedis());
  const folder = Deno.makeTempDirSync({ prefix: "parterre-fleet-files-" });
  stack.defer(() => Deno.removeSync(folder, { recursive: true }));
  const clock = { now: 1_700_000_000_000 };
  const database = await postgres.createDatabase();
  const open = async () => {
    const redis = await openRedis(server.url, "test");
    const [bell, live] = [new RedisBell(redis), new EventStreams(redis)];
    const store = await openStore(folder, { ...options, database, bell, live, now: () => clock.now });
    return { ...store, close: () => store.close().finally(() => redis.close()) };
  };
  let store: Store = await open();
  stack.defer(() => store.close());
  return {
    clock,
    alone: false,
    get store() {
      return store;
    },
    get queue() {
      return store.queue;
    },
    get work() {
      return store.work;
    },
    get generations() {
      return store.generations;
    },
    get events() {
      return store.events;
    },
    reopen: async () => {
      await store.close();
      store = await open();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

queueConformance("fleet", openFleet);
eventLogConformance("fleet", openFleet);

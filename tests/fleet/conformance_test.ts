/** The conformance suites over PostgreSQL with rings and live events over Redis. */

import { EventStreams } from "../../fleet/event_streams.ts";
import { openRedis } from "../../fleet/redis.ts";
import { RedisBell } from "../../fleet/redis_bell.ts";
import { openStore } from "../../store/open.ts";
import type { Backend, BackendOptions } from "../jobs/backend.ts";
import { eventLogConformance } from "../jobs/event_log_conformance.ts";
import { queueConformance } from "../jobs/queue_conformance.ts";
import { backendOver } from "../store/backend_over.ts";
import { startPostgres } from "../../tools/cluster/engines/postgres.ts";
import { startRedis } from "../../tools/cluster/engines/redis.ts";

const postgres = await startPostgres();

async function openFleet(options: BackendOptions = {}): Promise<Backend> {
  const server = await startRedis();
  const database = await postgres.createDatabase();
  const folder = Deno.makeTempDirSync({ prefix: "parterre-fleet-files-" });
  return await backendOver({
    alone: false,
    options,
    open: async (all) => {
      const redis = await openRedis(server.url, "test");
      const [bell, live] = [new RedisBell(redis), new EventStreams(redis)];
      const store = await openStore(folder, { ...all, database, bell, live });
      return { ...store, close: () => store.close().finally(() => redis.close()) };
    },
    folder,
    ended: () => server[Symbol.asyncDispose](),
  });
}

queueConformance("fleet", openFleet);
eventLogConformance("fleet", openFleet);

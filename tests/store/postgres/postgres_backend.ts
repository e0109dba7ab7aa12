/** The PostgreSQL backend on a real server. */

import { openStore } from "../../../store/open.ts";
import type { Store } from "../../../store/store.ts";
import type { Backend, BackendOptions } from "../../jobs/backend.ts";
import type { PostgresService } from "../../services/postgres.ts";

/** Opens a store on a new database, with its files in a temporary folder. */
export async function openOnPostgres(postgres: PostgresService, options: BackendOptions = {}): Promise<Backend> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-postgres-files-" });
  const clock = { now: 1_700_000_000_000 };
  const database = await postgres.createDatabase();
  const open = (): Promise<Store> => openStore(folder, { ...options, database, now: () => clock.now });
  let store = await open();
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
    [Symbol.asyncDispose]: async () => {
      await store.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

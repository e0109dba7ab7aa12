/** The SQLite backend in a real file. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../store/open.ts";
import type { Store } from "../../../store/store.ts";
import type { Backend, BackendOptions } from "../../jobs/backend.ts";

/** Opens a store in a temporary folder, which goes when the backend is disposed of. */
export async function openSqlite(options: BackendOptions = {}): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-jobs-"));
  const clock = { now: 1_700_000_000_000 };
  const open = (): Promise<Store> => openStore(folder, { ...options, now: () => clock.now });
  let store = await open();
  return {
    clock,
    alone: true,
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
      await rm(folder, { recursive: true });
    },
  };
}

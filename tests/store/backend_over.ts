/** A backend of the suites over a store that is opened again and again. */

import type { Store } from "../../store/store.ts";
import type { Backend, BackendOptions } from "../jobs/backend.ts";

/** What a store is opened with. */
export interface OpenOptions extends BackendOptions {
  readonly now: () => number;
}

/**
 * Opens a store with a clock of its own.
 * @param alone See {@link Backend.alone}.
 * @param open Opens it, each time on the same storage.
 * @param folder Goes when the backend is disposed of.
 * @param ended Called once it is.
 */
export async function backendOver(
  { alone, options, open, folder, ended }: {
    readonly alone: boolean;
    readonly options: BackendOptions;
    readonly open: (options: OpenOptions) => Promise<Store>;
    readonly folder: string;
    readonly ended?: () => PromiseLike<void>;
  },
): Promise<Backend> {
  const clock = { now: 1_700_000_000_000 };
  const reopened = () => open({ ...options, now: () => clock.now });
  let store = await reopened();
  return {
    clock,
    alone,
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
      store = await reopened();
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      Deno.removeSync(folder, { recursive: true });
      await ended?.();
    },
  };
}

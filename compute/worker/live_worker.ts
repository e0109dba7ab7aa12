/** One Worker and the calls that wait for it. */

import { type Remote, wrap } from "comlink";
import type { ComputeApi } from "./protocol.ts";

/** What a compute Worker runs. */
export const COMPUTE_SCRIPT = new URL("./compute_worker.ts", import.meta.url);

/** A Worker from its start to its death. */
export class LiveWorker {
  readonly #worker: Worker;
  readonly #api: Remote<ComputeApi>;
  /** Comlink's calls into a Worker that ends are never settled, so each waits here for that as well. */
  readonly #pending = new Set<(reason: Error) => void>();
  dead = false;

  constructor(script: URL) {
    this.#worker = new Worker(script, { type: "module", name: "compute" });
    this.#api = wrap<ComputeApi>(this.#worker);
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault(); // an unhandled error of a Worker would end the process
      this.end(new Error(event.message));
    });
  }

  /** The call's result, or the Worker's death, whichever comes first. */
  async call<T>(method: (api: Remote<ComputeApi>) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#pending.add(reject);
    method(this.#api).then(resolve, reject);
    try {
      return await promise;
    } finally {
      this.#pending.delete(reject);
    }
  }

  end(reason: Error): void {
    this.dead = true;
    this.#worker.terminate();
    for (const reject of this.#pending) reject(reason);
  }
}

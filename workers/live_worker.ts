/** One Worker and the calls that wait for it. */

import { type Remote, wrap } from "comlink";

/** A Worker from its start to its death. */
export class LiveWorker<Api> {
  readonly #worker: Worker;
  readonly #api: Remote<Api>;
  /** Comlink's calls into a Worker that ends are never settled, so each waits here for that as well. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  #dead = false;

  /**
   * @param script The module that it runs, which exposes an `Api`.
   * @param name For debuggers.
   * @param died What calls fail with where the Worker dies of an error of its own.
   * @param ended Called when it has ended, in whichever way.
   */
  constructor(
    script: URL,
    name: string,
    died: (message: string) => Error = (message) => new Error(message),
    private readonly ended: () => void = () => {},
  ) {
    this.#worker = new Worker(script, { type: "module", name });
    this.#api = wrap<Api>(this.#worker);
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault(); // an unhandled error of a Worker would end the process
      this.end(died(event.message));
    });
  }

  /** Whether it ended, in whichever way. */
  get dead(): boolean {
    return this.#dead;
  }

  /** How many calls are unanswered. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** The call's result, or the Worker's death, whichever comes first. */
  async call<T>(method: (api: Remote<Api>) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.add(reject);
    method(this.#api).then(resolve, reject);
    try {
      return await promise;
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** Ends the Worker at once; calls that wait for it fail with `reason`. */
  end(reason: unknown): void {
    this.#dead = true;
    this.#worker.terminate();
    this.ended();
    for (const reject of this.#waiting) reject(reason);
  }
}

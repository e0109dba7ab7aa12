/** The server's handle on the compute Worker. */

import { proxy, type Remote, wrap } from "comlink";
import type { GenerationRequest } from "../pipeline/request.ts";
import type { RuntimeInfo } from "../runtime/runtime.ts";
import type { ComputeApi, ComputeOptions, GenerationOutcome, GenerationStep, LoadReport } from "./protocol.ts";

export type { ComputeOptions, GenerationOutcome, GenerationStep, LoadReport } from "./protocol.ts";

/** What a caller of {@link Compute.generate} may give. */
export interface GenerateOptions {
  /** Called after every step. */
  readonly onStep?: (step: GenerationStep) => void;
  /** Stops the generation after the step that runs. */
  readonly signal?: AbortSignal;
}

/** A running compute Worker. If it dies, what it was doing fails and the next call starts another. */
export class Compute {
  #live: LiveWorker | undefined;

  private constructor(
    private readonly options: ComputeOptions,
    live: LiveWorker,
    /** The provider that computes, and why it was chosen. */
    readonly runtime: RuntimeInfo,
  ) {
    this.#live = live;
  }

  /** Starts the Worker; models load when they are first used. */
  static async start(options: ComputeOptions): Promise<Compute> {
    const live = new LiveWorker();
    return new Compute(options, live, await live.call((api) => api.start(options)));
  }

  /** Loads a model ahead of its first use. */
  async load(model: string): Promise<LoadReport> {
    return await (await this.#worker()).call((api) => api.load(model));
  }

  /** Computes a generation. Never rejects: every way it can end is an outcome. */
  async generate(request: GenerationRequest, { onStep, signal }: GenerateOptions = {}): Promise<GenerationOutcome> {
    // Shared memory, because a message would wait until the Worker's thread is free.
    const cancel = new Int32Array(new SharedArrayBuffer(4));
    const stop = () => Atomics.store(cancel, 0, 1);
    if (signal?.aborted) return { type: "CANCELED" };
    signal?.addEventListener("abort", stop);
    try {
      const live = await this.#worker();
      return await live.call<GenerationOutcome>((api) =>
        api.generate(request, cancel, proxy((step) => onStep?.(step)))
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { type: "FAILED", code: "COMPUTE_LOST", message: `The compute worker died: ${message}` };
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the Worker; what it was doing fails. */
  close(): void {
    this.#live?.end(new Error("The compute worker was closed"));
    this.#live = undefined;
  }

  async #worker(): Promise<LiveWorker> {
    if (this.#live?.dead !== false) {
      this.#live = new LiveWorker();
      await this.#live.call((api) => api.start(this.options));
    }
    return this.#live;
  }
}

/** One Worker and the calls that wait for it. */
class LiveWorker {
  readonly #worker = new Worker(new URL("./compute_worker.ts", import.meta.url), { type: "module", name: "compute" });
  readonly #api: Remote<ComputeApi> = wrap<ComputeApi>(this.#worker);
  /** Comlink's calls into a Worker that ends are never settled, so each waits here for that as well. */
  readonly #pending = new Set<(reason: Error) => void>();
  dead = false;

  constructor() {
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

/**
 * The engine's threads, made by the server's thread for the compute Worker. A Worker that is made by a Worker waits for a
 * debugger in Deno 2.9, 500 ms before its first line and 500 ms before its first message, although none was asked for;
 * see tools/bench/README.md.
 */

import { createRequire } from "node:module";
import { Worker as Thread } from "node:worker_threads";
import { transfer } from "comlink";

/**
 * Makes a thread that runs a module of the engine's, and speaks through a port.
 * @param script The module's URL.
 */
export type MakeThread = (script: string, port: MessagePort) => void;

/** What goes through the port of a thread: what it posts, or what it dies of. */
type Said = { readonly message: unknown } | { readonly error: unknown };

/** The threads of one compute Worker. */
export class EngineThreads {
  readonly #threads = new Set<Thread>();
  #ended = false;

  readonly make: MakeThread = (script, port) => {
    if (this.#ended) return port.close();
    // By this the engine's module knows that it is to be a thread.
    const thread = new Thread(new URL(script), { workerData: "em-pthread", name: "em-pthread" });
    thread.unref();
    this.#threads.add(thread);
    const say = (said: Said) => port.postMessage(said);
    thread.on("message", (message) => say({ message }));
    thread.on("error", (error) => say({ error }));
    port.onmessage = ({ data }) => thread.postMessage(data);
  };

  /** Ends them all: they do not end with the Worker that uses them. */
  end(): void {
    this.#ended = true;
    for (const thread of this.#threads) void thread.terminate();
    this.#threads.clear();
  }
}

/** Has the engine, which is not loaded yet, use threads that are made elsewhere. */
export function useThreadsOf(make: MakeThread): void {
  // The engine takes its threads from this module, as in Node.js.
  createRequire(import.meta.url)("node:worker_threads").Worker = class extends DistantThread {
    constructor(script: URL) {
      super(script, make);
    }
  };
}

/** As much of a `Worker` of Node.js as the engine uses. */
class DistantThread {
  readonly #port: MessagePort;
  readonly #listeners: { message?: (message: unknown) => void; error?: (error: unknown) => void } = {};

  constructor(script: URL, make: MakeThread) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<Said>) => {
      if ("error" in data) this.#listeners.error?.(data.error);
      else this.#listeners.message?.(data.message);
    };
    make(script.href, transfer(port2, [port2]));
  }

  on(event: "message" | "error", listener: (said: unknown) => void): void {
    this.#listeners[event] = listener;
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  terminate(): void {
    this.#port.close();
  }

  /** The compute Worker lives until it is ended, whatever its threads do. */
  ref(): void {}
  unref(): void {}
}

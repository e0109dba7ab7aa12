/**
 * What stands between a process and an engine, and can be as bad as networks are: silent, slow, or gone. Bytes pass through
 * it unread.
 */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** To the engine, or back from it. */
export type Way = "there" | "back";

/** How connections fare, those that stand and those to come. */
export interface Weather {
  /** The ways on which nothing gets through; bytes wait until it is over, as they do where a cable was pulled. */
  readonly silent?: readonly Way[];
  /** Milliseconds that each piece takes longer, each way. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** Share of the new connections that are reset within their first seconds, 0 to 1. */
  readonly resets?: number;
  /** A connection is closed once it has carried so many bytes, both ways together. */
  readonly closeAfterBytes?: number;
}

/** Nothing gets through. */
export const CUT: Weather = { silent: ["there", "back"] };

/** A reset comes within so many milliseconds. */
const RESET_MS = 2000;

/** A listener on a free port of this machine; `await using` ends it and its connections. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections stand. */
  readonly connections: number;
  /** From now on; without anything all is well again. */
  set(weather?: Weather): void;
  /** Ends all connections at once, by a reset. */
  reset(): void;
  /** The engine's end of each connection is closed, and the other is never told: half-open. */
  forget(): void;
}

/**
 * Starts one.
 * @param target The engine's port on 127.0.0.1.
 */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  let weather: Weather = {};
  let changed = Promise.withResolvers<void>();
  const sky: Sky = {
    get weather() {
      return weather;
    },
    get changed() {
      return changed.promise;
    },
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const pair = new Pair(near, far, sky);
    pairs.add(pair);
    near.on("close", () => pairs.delete(pair));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens on no port");
  return {
    port: address.port,
    get connections() {
      return pairs.size;
    },
    set: (to = {}) => {
      weather = to;
      changed.resolve();
      changed = Promise.withResolvers();
    },
    reset: () => pairs.forEach((pair) => pair.reset()),
    forget: () => pairs.forEach((pair) => pair.forget()),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const pair of pairs) pair.reset();
      changed.resolve();
      await closed;
    },
  };
}

/** The weather, and when it turns. */
interface Sky {
  readonly weather: Weather;
  readonly changed: Promise<void>;
}

/** One connection, and its other half. */
class Pair {
  #carried = 0;
  #forgotten = false;
  #over = false;

  constructor(private readonly near: Socket, private readonly far: Socket, private readonly sky: Sky) {
    for (const socket of [near, far]) socket.on("error", () => this.reset());
    near.on("close", () => this.reset());
    this.#carry("there", near, far);
    this.#carry("back", far, near);
    if (Math.random() < (sky.weather.resets ?? 0)) setTimeout(() => this.reset(), Math.random() * RESET_MS);
  }

  reset(): void {
    if (this.#over) return;
    this.#over = true;
    this.near.resetAndDestroy();
    this.far.resetAndDestroy();
  }

  forget(): void {
    this.#forgotten = true;
    this.far.destroy();
  }

  async #carry(way: Way, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from as AsyncIterable<Uint8Array>) {
        await this.#hold(way, piece.length);
        if (this.#forgotten) continue; // read, so that the sender goes on
        if (this.#over) return;
        if (!to.write(piece)) await once(to, "drain");
      }
      if (this.#forgotten) return;
      await this.#hold(way, 0);
      to.end();
    } catch {
      if (!this.#forgotten) this.reset();
    }
  }

  /** Resolves when a piece may go on. */
  async #hold(way: Way, bytes: number): Promise<void> {
    const { latencyMs = 0, bytesPerSecond = Infinity, closeAfterBytes = Infinity } = this.sky.weather;
    const ms = latencyMs + 1000 * bytes / bytesPerSecond;
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    while (this.sky.weather.silent?.includes(way) && !this.#over && !this.#forgotten) await this.sky.changed;
    this.#carried += bytes;
    if (this.#carried > closeAfterBytes) this.reset();
  }
}

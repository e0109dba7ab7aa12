/** A real Redis of a test's own: on a free port, over a new folder, ended with the test. */

import { Redis } from "ioredis";
import { freePort } from "./free_port.ts";

/** A running Redis. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it, in the way of a crash; what was in it is lost. */
  stop(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
}

/**
 * Starts Debian's `redis-server`, without persistence.
 * @throws {Error} that names the package if it is missing.
 */
export async function startRedis(): Promise<TestRedis> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-redis-" });
  const port = freePort();
  const url = `redis://127.0.0.1:${port}`;
  let process: Deno.ChildProcess | undefined;
  const start = async () => {
    process = spawned(["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]);
    await answers(url, process);
  };
  const stop = async () => {
    process?.kill("SIGKILL");
    await process?.status;
    process = undefined;
  };
  await start();
  return {
    url,
    port,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

function spawned(args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command("redis-server", { args: [...args], stdin: "null", stdout: "null", stderr: "null" }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("These tests need redis-server: apt-get install redis-server");
  }
}

async function answers(url: string, process: Deno.ChildProcess): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on("error", () => {}); // until it listens
  const ended = process.status.then(({ code }) => {
    throw new Error(`redis-server ended with ${code}`);
  });
  try {
    await Promise.race([redis.ping(), ended]);
  } finally {
    ended.catch(() => {});
    redis.disconnect();
  }
}

/** A Redis of one's own: the real one, over a temporary folder, on a free port. */

import { Redis } from "ioredis";
import { endWithProgram, freePort, programOf } from "./service.ts";

/** A running Redis; `await using` ends it. */
export interface RedisService extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it, in the way of a crash; what was in it is lost. */
  stop(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
}

/**
 * Starts a server without persistence.
 * @throws {Error} that names the program if it is not installed: Debian's package is `redis-server`.
 */
export async function startRedis(): Promise<RedisService> {
  const program = programOf("redis-server", "redis-server");
  const folder = Deno.makeTempDirSync({ prefix: "parterre-redis-" });
  const port = freePort();
  const url = `redis://127.0.0.1:${port}`;
  let process: Deno.ChildProcess | undefined;
  const start = async () => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
    process = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    await answers(url, process);
  };
  const stop = async () => {
    process?.kill("SIGKILL");
    await process?.status;
    process = undefined;
  };
  await start();
  const atEnd = endWithProgram(() => {
    process?.kill("SIGKILL");
    Deno.removeSync(folder, { recursive: true });
  });
  return {
    url,
    port,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      atEnd[Symbol.dispose]();
    },
  };
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

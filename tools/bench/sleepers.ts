/** Processes of workers that sleep instead of computing, and tell when they claimed. */

import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./sleepers_process.ts", import.meta.url));

/** URLs of the database and of Redis, and what the fleet's keys there begin with. */
export interface Engines {
  readonly database: string;
  readonly redis: string;
  readonly prefix: string;
}

/** How the workers of one process sleep. */
export interface Sleep {
  readonly model: string;
  /** Workers. */
  readonly count: number;
  /** Milliseconds over each picture. */
  readonly sleepMs: number;
}

/** A process of sleepers. */
export interface Sleepers {
  readonly pid: number;
  /** Resolves once all wait for work. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a process of sleepers.
 * @param claimed Is told of each claim: when, in milliseconds since the epoch, by the generation's id.
 */
export function startSleepers(
  { database, redis, prefix }: Engines,
  { model, count, sleepMs }: Sleep,
  claimed: Map<string, number>,
): Sleepers {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", PROGRAM, database, redis, prefix, model, `${count}`, `${sleepMs}`],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const ready = Promise.withResolvers<void>();
  const reading = async () => {
    let rest = "";
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [id = "", at] = line.split(" ");
        if (at === undefined) ready.resolve();
        else claimed.set(id, Number(at));
      }
    }
    ready.reject(new Error("The sleepers ended before they slept"));
  };
  const read = reading();
  const stop = async () => {
    await process.stdin.close();
    await read;
  };
  return { pid: process.pid, ready: ready.promise, stop };
}

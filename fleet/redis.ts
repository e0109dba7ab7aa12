/** Connections to Redis, or to Valkey, which speaks the same: what they promise while it is away. */

import { getLogger } from "@logtape/logtape";
import { Redis } from "ioredis";
import { lookAhead, RemoteClock } from "../workers/remote_clock.ts";
import { RedisAwayError } from "./redis_away_error.ts";

const log = getLogger(["parterre", "fleet"]);

/** How long a command may take, in milliseconds, before it counts as failed. */
const COMMAND_MS = 3000;

/**
 * Milliseconds after which a connection counts as lost on which nothing comes although something was asked: longer than
 * any wait that blocks. The other end may be gone without having said so.
 */
const SILENCE_MS = 8000;

/** The longest wait before a lost connection is tried again, in milliseconds. */
const LONGEST_RETRY_MS = 1000;

/**
 * The connections of one process. Commands fail at once while Redis is away, rather than wait for it; all connections
 * come back by themselves.
 */
export interface FleetRedis {
  /** For commands that answer at once. */
  readonly commands: Redis;
  /** Before every key and channel, so that several fleets may share one Redis. */
  readonly prefix: string;
  /** Another connection, for what blocks or subscribes; it is closed with the others. */
  connect(): Redis;
  /** Redis's time, in milliseconds since the epoch: the clocks of two machines may be minutes apart. */
  now(): number;
  /** @throws {RedisAwayError} */
  check(): Promise<void>;
  /** Ends all connections, once what was sent is answered. */
  close(): Promise<void>;
}

/**
 * Connects to Redis.
 * @param url For instance `redis://127.0.0.1:6379/0`.
 * @param patienceMs How long it is waited for, in milliseconds.
 * @param silenceMs See {@link SILENCE_MS}.
 * @throws {RedisAwayError} if it does not answer in that time.
 */
export async function openRedis(
  url: string,
  prefix: string,
  patienceMs = 5000,
  silenceMs = SILENCE_MS,
): Promise<FleetRedis> {
  let away = false;
  let last: Error | undefined;
  const open: Redis[] = [];
  const watched = (redis: Redis): Redis => {
    open.push(redis);
    redis.on("error", (error: Error) => {
      if (!away) log.error("Redis is away: {error}", { error: error.message });
      away = true;
      last = error;
    });
    redis.on("ready", () => {
      if (away) log.info("Redis is back");
      away = false;
    });
    return redis;
  };
  const retryStrategy = (times: number) => Math.min(LONGEST_RETRY_MS, 50 * times);
  const common = { retryStrategy, maxRetriesPerRequest: null, connectTimeout: COMMAND_MS, socketTimeout: silenceMs };
  const commands = watched(new Redis(url, { ...common, enableOfflineQueue: false, commandTimeout: COMMAND_MS }));
  const close = async () => {
    if (commands.status === "ready") await commands.quit().catch(() => {});
    for (const redis of open) redis.disconnect();
  };
  if (!await isReady(commands, patienceMs)) {
    await close();
    throw new RedisAwayError(last);
  }
  const read = async () => {
    const [seconds, microseconds] = await commands.time();
    return 1000 * Number(seconds) + Number(microseconds) / 1000;
  };
  const clock = new RemoteClock(read, await lookAhead(read).catch(() => 0)); // or it is this machine's until Redis answers
  return {
    commands,
    prefix,
    connect: () => watched(new Redis(url, common)),
    now: () => clock.now(),
    check: async () => {
      try {
        await commands.ping();
      } catch (error) {
        throw new RedisAwayError(error);
      }
    },
    close: async () => {
      clock[Symbol.dispose]();
      await close();
    },
  };
}

async function isReady(redis: Redis, patienceMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  redis.once("ready", () => resolve(true));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

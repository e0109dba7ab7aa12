/**
 * What workers say to each other while they paint together, over Redis' channels, one for each process. Nothing of it is
 * kept there: what nobody hears is gone, and who speaks is told.
 */

import { Buffer } from "node:buffer";
import { getLogger } from "@logtape/logtape";
import type { Redis } from "ioredis";
import { packed, unpacked } from "../compute/pipeline/checkpoint.ts";
import type { Exchange, Message } from "../jobs/aides/exchange.ts";
import { inTime } from "../workers/in_time.ts";
import type { FleetRedis } from "./redis.ts";
import { RedisAwayError } from "./redis_away_error.ts";

const log = getLogger(["parterre", "fleet"]);

/** How long it may take to listen, in milliseconds. */
const LISTEN_MS = 3000;

/** A message on its way. */
interface Letter {
  readonly session: string;
  readonly from: string;
  readonly message: Message;
}

/** Letters of one process. It listens from its first session on. */
export class RedisExchange implements Exchange {
  readonly self: string = crypto.randomUUID();
  readonly #sessions = new Map<string, (from: string, message: Message) => void>();
  #listening: { readonly redis: Redis; readonly begun: Promise<unknown> } | undefined;

  constructor(private readonly redis: FleetRedis) {}

  async hear(session: string, heard: (from: string, message: Message) => void): Promise<Disposable> {
    if (this.redis.commands.status !== "ready") throw new RedisAwayError();
    this.#listening ??= this.#listen();
    const { redis, begun } = this.#listening;
    await inTime(begun, LISTEN_MS);
    await inTime(redis.ping(), LISTEN_MS); // a connection may be gone without anybody having been told
    this.#sessions.set(session, heard);
    return { [Symbol.dispose]: () => void this.#sessions.delete(session) };
  }

  async say(to: string, session: string, message: Message): Promise<boolean> {
    const letter: Letter = { session, from: this.self, message };
    const { buffer, byteOffset, length } = packed(letter);
    try {
      return await this.redis.commands.publish(this.#channel(to), Buffer.from(buffer, byteOffset, length)) > 0;
    } catch (error) {
      log.debug("Not said to {to}: {error}", { to, error });
      return false;
    }
  }

  /** Hears nothing from now on. */
  close(): void {
    this.#listening?.redis.disconnect();
    this.#sessions.clear();
  }

  #listen(): { readonly redis: Redis; readonly begun: Promise<unknown> } {
    const redis = this.redis.connect();
    redis.on("messageBuffer", (_channel: Buffer, bytes: Buffer) => this.#take(bytes));
    return { redis, begun: redis.subscribe(this.#channel(this.self)) };
  }

  #take(bytes: Buffer): void {
    try {
      const { session, from, message } = unpacked(bytes) as Letter; // of this version's workers alone, see `kindOf`
      const heard = this.#sessions.get(session);
      if (heard !== undefined) heard(from, message);
      else if (message.type !== "GONE") void this.say(from, session, { type: "GONE" });
    } catch (error) {
      log.warn("Cannot read what another worker says: {error}", { error });
    }
  }

  #channel(process: string): string {
    return `${this.redis.prefix}:aides:${process}`;
  }
}

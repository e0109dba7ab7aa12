/** The bell of all processes that work on one database: rings are PostgreSQL's notifications. */

import { getLogger } from "@logtape/logtape";
import { type QueryExecutorProvider, sql } from "kysely";
import pg from "pg";
import { pause, pauseUntil, waitMs } from "../../jobs/until_stored.ts";
import { type Bell, type Listening, LocalBell } from "../sql/bell.ts";
import { clientConfig } from "./postgres_dialect.ts";

const log = getLogger(["parterre", "store"]);

const CHANNEL = "parterre";

/** Topics of one notification; PostgreSQL takes less than 8000 bytes. */
const TOGETHER = 100;

/** Milliseconds between two looks whether the connection is still there. */
const PULSE_MS = 10_000;

/** Milliseconds until it is tried again to listen or to notify, the first time. */
const FIRST_WAIT_MS = 100;

/**
 * Rings here at once, and elsewhere by `NOTIFY`. While the connection is away rings are kept, and those of others are made
 * up for by a ring of every topic when it is back.
 */
export class PostgresBell implements Bell {
  readonly lossy = true;
  readonly #local = new LocalBell();
  readonly #ending = new AbortController();
  /** Tells own notifications from those of others. */
  readonly #sender = crypto.randomUUID();
  #unsent = new Set<string>();
  #sending: Promise<void> | null = null;
  readonly #listening: Promise<void>;

  /**
   * @param url Of the database, for the connection that listens.
   * @param db For notifications.
   */
  constructor(private readonly url: string, private readonly db: QueryExecutorProvider) {
    this.#listening = this.#listenOn();
  }

  get closed(): boolean {
    return this.#local.closed;
  }

  ring(topic: string): void {
    this.#local.ring(topic);
    if (this.closed) return;
    this.#unsent.add(topic);
    this.#sending ??= this.#send().finally(() => this.#sending = null);
  }

  hear(topic: string, heard: () => void): Disposable {
    return this.#local.hear(topic, heard);
  }

  listen(topic: string, signals: readonly AbortSignal[], timeoutMs?: number): Listening {
    return this.#local.listen(topic, signals, timeoutMs);
  }

  close(): void {
    this.#ending.abort();
    this.#local.close();
  }

  /** Resolves once nothing is listened to and sent any more, after `close`. */
  async ended(): Promise<void> {
    await this.#listening;
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { signal } = this.#ending;
    let failures = 0;
    await Promise.resolve(); // what is rung now goes together
    while (this.#unsent.size > 0) {
      const topics = [...this.#unsent].slice(0, TOGETHER);
      try {
        await sql`SELECT pg_notify(${CHANNEL}, ${[this.#sender, ...topics].join(" ")})`.execute(this.db);
        for (const topic of topics) this.#unsent.delete(topic);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) log.warn("Cannot notify other processes: {error}", { error });
        if (signal.aborted) return;
        await pause(waitMs(failures, FIRST_WAIT_MS), signal);
      }
    }
  }

  async #listenOn(): Promise<void> {
    const { signal } = this.#ending;
    for (let failures = 0; !signal.aborted;) {
      const client = new pg.Client({ ...clientConfig(this.url), query_timeout: PULSE_MS });
      const broken = Promise.withResolvers<void>();
      client.on("error", () => broken.resolve());
      client.on("end", () => broken.resolve());
      client.on("notification", ({ payload = "" }) => this.#hearFrom(payload));
      try {
        await client.connect();
        await client.query(`LISTEN ${CHANNEL}`);
        if (failures > 0) log.info("Hears other processes again");
        failures = 0;
        this.#local.ringAll(); // what was rung before is not told any more
        await this.#keepListening(client, broken.promise);
      } catch (error) {
        if (failures++ === 0 && !signal.aborted) log.warn("Cannot hear other processes: {error}", { error });
      } finally {
        client.end().catch(() => {}); // not waited for: the other end may be away
      }
      if (!signal.aborted) await pause(waitMs(Math.max(failures, 1), FIRST_WAIT_MS), signal);
    }
  }

  /** Resolves when the bell is closed. @throws once the connection is broken. */
  async #keepListening(client: pg.Client, broken: Promise<void>): Promise<void> {
    const { signal } = this.#ending;
    const isBroken = broken.then(() => "BROKEN" as const);
    while (!signal.aborted) {
      const waited = await pauseUntil(isBroken, PULSE_MS, signal);
      if (waited === "BROKEN") throw new Error("The connection ended");
      if (!signal.aborted) await client.query("SELECT 1");
    }
  }

  #hearFrom(payload: string): void {
    const [sender, ...topics] = payload.split(" ");
    if (sender === this.#sender) return;
    for (const topic of topics) this.#local.ring(topic);
  }
}

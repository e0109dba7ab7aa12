/**
 * The bell over Redis: a ring in one process is heard in all. Each topic is a channel, and a process subscribes to those
 * that somebody in it listens to, so that a thousand workers are not told of every step of the others.
 */

import type { Redis } from "ioredis";
import { type Bell, type Listening, LocalBell } from "../store/sql/bell.ts";
import type { FleetRedis } from "./redis.ts";

/** Topics that could not be rung elsewhere and are rung once Redis is back; more are left to whoever looks by itself. */
const MAX_UNHEARD = 10_000;

/** Milliseconds between two looks whether the connection is still there on which nothing is asked. */
const PULSE_MS = 10_000;

/**
 * Rings in this process at once, and in the others through Redis. A ring may be missed while a connection is lost; so
 * whoever listens is woken after every reconnection, and looks again.
 */
export class RedisBell implements Bell {
  readonly lossy = true;
  readonly #local = new LocalBell();
  readonly #subscriber: Redis;
  readonly #channels: string;
  /** How many listen, by topic. */
  readonly #listening = new Map<string, number>();
  readonly #unheard = new Set<string>();
  readonly #pulse: ReturnType<typeof setInterval>;
  /** Rings of this process are not heard twice. */
  readonly #self = crypto.randomUUID();

  /** @param pulseMs See {@link PULSE_MS}. */
  constructor(private readonly redis: FleetRedis, pulseMs = PULSE_MS) {
    this.#channels = `${redis.prefix}:bell:`;
    this.#subscriber = redis.connect();
    this.#subscriber.on("message", (channel: string, from: string) => {
      if (from !== this.#self) this.#local.ring(channel.slice(this.#channels.length));
    });
    // Channels are asked for again before this event, by the client itself; what is rung until they stand is missed, and
    // the answer to what is asked after them comes when they do.
    this.#subscriber.on("ready", () => {
      this.#subscriber.ping().then(() => this.#ringAll(), () => {}); // or at the next connection
    });
    redis.commands.on("ready", this.#ringUnheard);
    this.#pulse = setInterval(() => {
      // Without an answer the client makes the connection anew.
      if (this.#subscriber.status === "ready") this.#subscriber.ping().catch(() => {});
    }, pulseMs);
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#local.closed;
  }

  /** Wakes all who listen to the topic, here and elsewhere. */
  ring(topic: string): void {
    this.#local.ring(topic);
    this.redis.commands.publish(this.#channels + topic, this.#self).catch(() => {
      if (this.#unheard.size < MAX_UNHEARD) this.#unheard.add(topic);
    });
  }

  /** See {@link Bell.hear}; also calls back once this process is told of the others' rings. */
  hear(topic: string, heard: () => void): Disposable {
    const hearing = this.#local.hear(topic, heard);
    return this.#counted(topic, () => hearing[Symbol.dispose]());
  }

  /** See {@link Bell.listen}. */
  listen(topic: string, signals: readonly AbortSignal[], timeoutMs?: number): Listening {
    const listening = this.#local.listen(topic, signals, timeoutMs);
    return { heard: listening.heard, ...this.#counted(topic, () => listening[Symbol.dispose]()) };
  }

  /** Wakes everybody here, now and from now on. */
  close(): void {
    clearInterval(this.#pulse);
    this.redis.commands.off("ready", this.#ringUnheard);
    this.#local.close();
    this.#subscriber.disconnect();
  }

  #counted(topic: string, dispose: () => void): Disposable {
    const before = this.#listening.get(topic) ?? 0;
    this.#listening.set(topic, before + 1);
    if (before === 0) this.#subscribe(topic);
    let disposed = false;
    return {
      [Symbol.dispose]: () => {
        dispose();
        if (disposed) return;
        disposed = true;
        const left = (this.#listening.get(topic) ?? 0) - 1;
        if (left > 0) return void this.#listening.set(topic, left);
        this.#listening.delete(topic);
        if (!this.closed) this.#subscriber.unsubscribe(this.#channels + topic).catch(() => {});
      },
    };
  }

  #subscribe(topic: string): void {
    // What was rung elsewhere before the subscription stood was missed.
    this.#subscriber.subscribe(this.#channels + topic).then(() => this.#local.ring(topic), () => {});
  }

  #ringAll(): void {
    for (const topic of this.#listening.keys()) this.#local.ring(topic);
  }

  readonly #ringUnheard = (): void => {
    const topics = [...this.#unheard];
    this.#unheard.clear();
    for (const topic of topics) this.ring(topic);
  };
}

/**
 * The latest events of one generation, read once for all who follow it: with a thousand followers, reading each event for
 * each of them would take longer than the step that made it.
 */

import { setImmediate } from "node:timers";
import type { GenerationEvent } from "../../jobs/events.ts";

/** Events at hand; followers who are further behind read their events by themselves. */
const MAX_EVENTS = 32;

/** Bytes of pixels at hand. */
const MAX_BYTES = 2 ** 20;

/** Events that are read at once. */
const BATCH = 8;

/** Followers that are woken in a row; others who use the thread come in between. */
const WOKEN_TOGETHER = 64;

/** The log that a window shows a part of. */
export interface EventSource {
  /** The events after a sequence, oldest first. */
  read(after: number, limit: number): Promise<readonly GenerationEvent[]>;
  /**
   * The sequence of the COMPLETED event; null if there is none yet.
   * @throws {UnknownGenerationError} if there is no such generation.
   */
  completedAt(): Promise<number | null>;
}

/**
 * What a window shows to a follower: the next event; EARLIER if that is not at hand any more; END if there will never be
 * one; UNREAD if the log has to be looked at; NOTHING_YET if there is none so far.
 */
export type Seen = GenerationEvent | "EARLIER" | "END" | "UNREAD" | "NOTHING_YET";

/** Every event of the log after one sequence and up to another. Nothing is read but what a follower asks for. */
export class EventWindow {
  /** In order. */
  #events: GenerationEvent[] = [];
  #bytes = 0;
  #from = 0;
  #last = 0;
  #completedAt: number | null = null;
  /** Whether the log may hold more. */
  #stale = true;
  #reading: Promise<void> | null = null;
  #waiting = new Set<() => void>();

  constructor(private readonly source: EventSource) {}

  /** The sequence behind which the window begins. */
  get from(): number {
    return this.#from;
  }

  /** What follows a sequence. */
  look(cursor: number): Seen {
    if (cursor < this.#from) return "EARLIER";
    if (cursor < this.#last) {
      const event = this.#events.find(({ sequence }) => sequence > cursor);
      if (event !== undefined) return event;
    }
    if (this.#completedAt !== null && this.#completedAt <= cursor) return "END";
    return this.#stale || this.#reading !== null ? "UNREAD" : "NOTHING_YET";
  }

  /** Looks at the log on behalf of a follower, once for all who ask meanwhile. */
  refresh(cursor: number): Promise<void> {
    return this.#reading ??= this.#read(cursor).finally(() => this.#reading = null);
  }

  /** Resolves when the log may hold more, or when the waiting is over. */
  wait(waiting: { wake: () => void }): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      this.#waiting.delete(wake);
      resolve();
    };
    waiting.wake = wake;
    this.#waiting.add(wake);
    return promise;
  }

  /** Notes that the log may hold more. */
  async changed(): Promise<void> {
    this.#stale = true;
    if (this.#waiting.size === 0) return;
    // Those who are woken after a fault look again, and meet it themselves.
    await this.refresh(this.#last).catch(() => {});
    const waiting = [...this.#waiting];
    const wake = (from: number) => {
      for (const one of waiting.slice(from, from + WOKEN_TOGETHER)) one();
      if (from + WOKEN_TOGETHER < waiting.length) setImmediate(wake, from + WOKEN_TOGETHER);
    };
    wake(0);
  }

  async #read(cursor: number): Promise<void> {
    this.#stale = false;
    try {
      // Not beyond the log's end, from which other followers go on.
      if (cursor > this.#last && (await this.source.read(cursor - 1, 1)).length > 0) this.#moveTo(cursor);
      const events = await this.source.read(this.#last, BATCH);
      for (const event of events) this.#add(event);
      if (events.length > 0) {
        // There may be more than a batch, and there was more than nothing.
        if (events.length === BATCH) this.#stale = true;
        return;
      }
      this.#completedAt ??= await this.source.completedAt();
      // Completed between the two queries.
      if (this.#completedAt !== null && this.#completedAt > this.#last) this.#stale = true;
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  #add(event: GenerationEvent): void {
    this.#events.push(event);
    this.#bytes += bytesOf(event);
    this.#last = event.sequence;
    if (event.type === "COMPLETED") this.#completedAt = event.sequence;
    while (this.#events.length > MAX_EVENTS || (this.#bytes > MAX_BYTES && this.#events.length > 1)) {
      const [oldest] = this.#events.splice(0, 1);
      if (oldest === undefined) return;
      this.#bytes -= bytesOf(oldest);
      this.#from = oldest.sequence;
    }
  }

  #moveTo(after: number): void {
    this.#events = [];
    this.#bytes = 0;
    this.#from = this.#last = after;
  }
}

function bytesOf(event: GenerationEvent): number {
  return event.type === "PREVIEW" ? event.pixels.length : 0;
}

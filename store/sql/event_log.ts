/** The event log in a database. */

import type { Kysely } from "kysely";
import type { EventLog, GenerationEvent } from "../../jobs/events.ts";
import type { LiveEvents } from "../../jobs/live_events.ts";
import type { Bell } from "./bell.ts";
import { readWithCopy } from "./copied_events.ts";
import { completedAtSequence, latestSequence, readEvents } from "./event_rows.ts";
import { type EventSource, EventWindow } from "./event_window.ts";
import { Slots } from "./slots.ts";
import type { StoreTables } from "./tables.ts";

/** Milliseconds between two looks for events that no ring told of, where rings can be lost. */
const LOOK_AGAIN_MS = 5000;

/**
 * Reads of the log at once: of all that come back together after a server went, most wait here, and leave connections to
 * those who write.
 */
const READS_AT_ONCE = 4;

/** How long none of them may be answered before those who wait are told, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Events in a database; followers are woken through the bell, by generation id. */
export class SqlEventLog implements EventLog {
  readonly #db: Kysely<StoreTables>;
  readonly #bell: Bell;
  readonly #reads = new Slots(READS_AT_ONCE, PATIENCE_MS);
  /** By generation, while somebody follows it. */
  readonly #windows = new Map<string, SharedWindow>();

  /** @param live Has the latest events too, so that the database need not be asked for them, and previews' pixels. */
  constructor(db: Kysely<StoreTables>, bell: Bell, private readonly live?: LiveEvents) {
    this.#db = db;
    this.#bell = bell;
  }

  async read(id: string, after: number, limit?: number): Promise<GenerationEvent[]> {
    const logged = (after: number, limit?: number) => this.#reads.run(() => readEvents(this.#db, id, after, limit));
    if (this.live === undefined) return await logged(after, limit);
    return await readWithCopy({ logged, copied: (after, limit) => this.live?.read(id, after, limit) }, after, limit);
  }

  latest(id: string): Promise<number> {
    return this.#reads.run(() => latestSequence(this.#db, id));
  }

  follow(id: string, after: number, signal: AbortSignal): AsyncIterable<GenerationEvent> {
    return {
      [Symbol.asyncIterator]: () => new Follower(after, signal, this.#bell, () => this.#lendWindow(id)),
    };
  }

  /** The window that all followers of a generation share; it goes with the last of them. */
  #lendWindow(id: string): Lent {
    const shared = this.#windows.get(id) ?? this.#openWindow(id);
    shared.followers++;
    return {
      window: shared.window,
      source: shared.source,
      earlier: shared.earlier,
      giveBack: () => {
        if (--shared.followers > 0) return;
        shared.hearing[Symbol.dispose]();
        this.#windows.delete(id);
      },
    };
  }

  #openWindow(id: string): SharedWindow {
    const source: EventSource = {
      read: (after, limit) => this.read(id, after, limit),
      completedAt: () => this.#reads.run(() => completedAtSequence(this.#db, id)),
    };
    const earlier = new Map<number, Promise<GenerationEvent | undefined>>();
    const readEarlier = async (cursor: number) => {
      const [event] = await source.read(cursor, 1);
      return event;
    };
    const window = new EventWindow(source);
    const hearing = new DisposableStack();
    hearing.use(this.#bell.hear(id, () => window.changed()));
    if (this.#bell.lossy) {
      const looking = setInterval(() => window.changed(), LOOK_AGAIN_MS);
      hearing.defer(() => clearInterval(looking));
    }
    const shared: SharedWindow = {
      window,
      source,
      hearing,
      followers: 0,
      earlier: (cursor) => {
        const reading = earlier.get(cursor) ?? readEarlier(cursor).finally(() => earlier.delete(cursor));
        earlier.set(cursor, reading);
        return reading;
      },
    };
    this.#windows.set(id, shared);
    return shared;
  }
}

interface SharedWindow {
  readonly window: EventWindow;
  readonly source: EventSource;
  /** The event after a sequence that the window has left behind, read once for all who ask at the same time. */
  readonly earlier: (cursor: number) => Promise<GenerationEvent | undefined>;
  readonly hearing: Disposable;
  followers: number;
}

/** A window while a follower has it. */
interface Lent {
  readonly window: EventWindow;
  readonly source: EventSource;
  readonly earlier: SharedWindow["earlier"];
  readonly giveBack: () => void;
}

/** One following. It holds no event but the one that it hands out. */
class Follower implements AsyncIterator<GenerationEvent, undefined> {
  #cursor: number;
  #state: "NOT_BEGUN" | "GOING" | "ENDED" = "NOT_BEGUN";
  #lent: Lent | undefined;
  readonly #waiting = { wake: () => {} };

  constructor(
    after: number,
    private readonly signal: AbortSignal,
    private readonly bell: Bell,
    private readonly borrow: () => Lent,
  ) {
    this.#cursor = after;
  }

  async next(): Promise<IteratorResult<GenerationEvent, undefined>> {
    try {
      const event = await this.#next();
      if (event === null || event.type === "COMPLETED") this.#end();
      if (event === null) return { done: true, value: undefined };
      this.#cursor = event.sequence;
      return { done: false, value: event };
    } catch (error) {
      const ended = this.#isOver();
      this.#end();
      // The database may have been closed under this follower.
      if (ended) return { done: true, value: undefined };
      throw error;
    }
  }

  return(): Promise<IteratorResult<GenerationEvent, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The event after the cursor, once there is one; null when there will be none or nobody waits. */
  async #next(): Promise<GenerationEvent | null> {
    if (this.#isOver()) return null;
    if (this.#state === "NOT_BEGUN") this.#begin();
    while (!this.#isOver() && this.#lent !== undefined) {
      const { window, source, earlier } = this.#lent;
      const seen = window.look(this.#cursor);
      switch (seen) {
        case "END":
          return null;
        case "UNREAD":
          await window.refresh(this.#cursor);
          break;
        case "NOTHING_YET":
          await window.wait(this.#waiting);
          break;
        case "EARLIER": {
          const event = await earlier(this.#cursor);
          if (event !== undefined) return this.#isOver() ? null : event;
          await source.completedAt(); // throws if the generation itself is gone
          this.#cursor = window.from; // what was there is deleted
          break;
        }
        default:
          return seen;
      }
    }
    return null;
  }

  #begin(): void {
    this.#state = "GOING";
    this.#lent = this.borrow();
    this.signal.addEventListener("abort", this.#stop);
  }

  #end(): void {
    if (this.#state === "GOING") {
      this.signal.removeEventListener("abort", this.#stop);
      this.#lent?.giveBack();
      this.#lent = undefined;
    }
    this.#state = "ENDED";
    this.#waiting.wake();
  }

  readonly #stop = () => this.#waiting.wake();

  #isOver(): boolean {
    return this.#state === "ENDED" || this.bell.closed || this.signal.aborted;
  }
}

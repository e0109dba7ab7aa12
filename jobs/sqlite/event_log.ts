/** The event log on SQLite. */

import type { Kysely } from "kysely";
import type { Bell } from "../bell.ts";
import type { EventBody, EventLog, GenerationEvent } from "../events.ts";
import { appendEvent, completedAtSequence, latestSequence, toEvent } from "./event_rows.ts";
import type { JobTables } from "./tables.ts";

/** How the log behaves. */
export interface SqliteEventLogOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Previews of generations that completed longer ago, in milliseconds, are deleted. */
  readonly previewRetentionMs: number;
}

/** Events in SQLite; followers in this process are woken through the bell, by generation id. */
export class SqliteEventLog implements EventLog {
  readonly #db: Kysely<JobTables>;
  readonly #bell: Bell;
  readonly #options: SqliteEventLogOptions;

  constructor(db: Kysely<JobTables>, bell: Bell, options: SqliteEventLogOptions) {
    this.#db = db;
    this.#bell = bell;
    this.#options = options;
  }

  async append(id: string, event: EventBody): Promise<GenerationEvent> {
    const at = this.#options.now();
    const appended = await this.#db.transaction().execute((transaction) =>
      appendEvent(transaction, id, event, at, at - this.#options.previewRetentionMs)
    );
    this.#bell.ring(id);
    return appended;
  }

  async read(id: string, after: number, limit?: number): Promise<GenerationEvent[]> {
    const query = this.#db.selectFrom("events").selectAll()
      .where("generation_id", "=", id).where("sequence", ">", after).orderBy("sequence");
    const rows = await (limit === undefined ? query : query.limit(limit)).execute();
    return rows.map(toEvent);
  }

  latest(id: string): Promise<number> {
    return latestSequence(this.#db, id);
  }

  follow(id: string, after: number, signal: AbortSignal): AsyncIterable<GenerationEvent> {
    return { [Symbol.asyncIterator]: () => this.#iterate(id, after, signal) };
  }

  #iterate(id: string, after: number, signal: AbortSignal): AsyncIterator<GenerationEvent> {
    const stop = new AbortController();
    const events = this.#pull(id, after, [signal, stop.signal]);
    return {
      next: () => events.next(),
      // A generator's own `return` would wait for the pending `next`, which may wait for ever.
      return: () => {
        stop.abort();
        return events.return(undefined);
      },
    };
  }

  async *#pull(id: string, after: number, signals: readonly AbortSignal[]): AsyncGenerator<GenerationEvent, undefined> {
    let cursor = after;
    while (true) {
      const event = await this.#next(id, cursor, signals);
      if (event === null) return;
      yield event;
      if (event.type === "COMPLETED") return;
      cursor = event.sequence;
    }
  }

  /** The event after the cursor, once there is one; null when there will be none or nobody waits. */
  async #next(id: string, cursor: number, signals: readonly AbortSignal[]): Promise<GenerationEvent | null> {
    while (!this.#ended(signals)) {
      using ring = this.#bell.listen(id, signals);
      const found = await this.#look(id, cursor).catch((error: unknown) => {
        // The database may have been closed under this follower.
        if (this.#ended(signals)) return null;
        throw error;
      });
      if (this.#ended(signals)) return null;
      if (found !== "NOTHING_YET") return found;
      await ring.heard;
    }
    return null;
  }

  /** The event after the cursor as things are now; null if there will never be one. */
  async #look(id: string, cursor: number): Promise<GenerationEvent | null | "NOTHING_YET"> {
    const [event] = await this.read(id, cursor, 1);
    if (event !== undefined) return event;
    const last = await completedAtSequence(this.#db, id);
    if (last === null) return "NOTHING_YET";
    // Completed between the two queries: look again.
    return last <= cursor ? null : this.#look(id, cursor);
  }

  #ended(signals: readonly AbortSignal[]): boolean {
    return this.#bell.closed || signals.some((s) => s.aborted);
  }
}

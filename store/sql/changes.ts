/** Makes changes of generations, and tells of them. */

import type { Kysely } from "kysely";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { LiveEvents } from "../../jobs/live_events.ts";
import type { GenerationObserver } from "../../jobs/observer.ts";
import type { Bell } from "./bell.ts";
import type { Change } from "./change.ts";
import type { SqlEngine } from "./engine.ts";
import { toGeneration } from "./generation_rows.ts";
import type { GenerationRow, StoreTables } from "./tables.ts";

/** The bell's topic for those who wait for work. Those who follow a generation listen to its id. */
export const WORK = "work";

/** The bell's topic for the worker that has a generation, should it be to stop. */
export function canceling(id: string): string {
  return `canceling:${id}`;
}

/** How changes are made. */
export interface ChangesOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Previews of generations that completed longer ago, in milliseconds, are dropped. */
  readonly previewRetentionMs: number;
  /** Is told of every change of a status. */
  readonly observer?: GenerationObserver | undefined;
  /** Gets a copy of every event, and the pixels of previews, which are then kept nowhere else. */
  readonly live?: LiveEvents | undefined;
}

/** Changes of generations in one database. */
export class Changes {
  constructor(
    readonly db: Kysely<StoreTables>,
    readonly engine: SqlEngine,
    readonly bell: Bell,
    private readonly options: ChangesOptions,
  ) {}

  /** The clock, in milliseconds since the epoch. */
  now(): number {
    return this.options.now();
  }

  /** Makes a change in one transaction; after the commit, tells the observer, followers and those who wait for work. */
  make<T>(change: (change: Change) => Promise<T>): Promise<T> {
    return this.#make(change, (work) => this.engine.transaction(this.db, work));
  }

  /** The same for what may be lost in a power cut, as a step that would be painted again: it does not wait for the disk. */
  makeUnsynced<T>(change: (change: Change) => Promise<T>): Promise<T> {
    return this.#make(change, (work) => this.engine.unsyncedTransaction(this.db, work));
  }

  async #make<T>(
    change: (change: Change) => Promise<T>,
    transact: <R>(work: (db: Change["db"]) => Promise<R>) => Promise<R>,
  ): Promise<T> {
    const { observer, live, previewRetentionMs } = this.options;
    const { result, changed, told, appended, dropped } = await transact(async (db) => {
      const changed: GenerationRow[] = [];
      const told = new Set<string>();
      const appended = new Map<string, GenerationEvent[]>();
      const dropped = new Set<string>();
      const now = this.now();
      const times = { now, previewsUntil: now - previewRetentionMs };
      const noted = { changed, told, appended, dropped };
      const whole = { db, engine: this.engine, ...times, ...noted, keepsPixels: live === undefined };
      return { result: await change(whole), ...noted };
    });
    if (observer !== undefined) { for (const row of changed) observer.statusChanged(toGeneration(row)); }
    for (const [id, events] of appended) live?.add(id, events);
    for (const id of dropped) live?.forget(id);
    for (const id of told) this.bell.ring(id);
    for (const { id, status } of changed) if (status === "CANCELING") this.bell.ring(canceling(id));
    if (changed.some(({ status }) => status === "QUEUED")) this.bell.ring(WORK);
    return result;
  }
}

/** Makes changes of generations, and tells of them. */

import type { Kysely } from "kysely";
import type { GenerationObserver } from "../../jobs/observer.ts";
import type { Bell } from "./bell.ts";
import type { Change } from "./change.ts";
import type { SqlEngine } from "./engine.ts";
import { toGeneration } from "./generation_rows.ts";
import type { GenerationRow, StoreTables } from "./tables.ts";

/** The bell's topic for those who wait for work; all others are generation ids. */
export const WORK = "work";

/** How changes are made. */
export interface ChangesOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Previews of generations that completed longer ago, in milliseconds, are deleted. */
  readonly previewRetentionMs: number;
  /** Is told of every change of a status. */
  readonly observer?: GenerationObserver | undefined;
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
    const { observer, previewRetentionMs } = this.options;
    const { result, changed, told } = await transact(async (db) => {
      const changed: GenerationRow[] = [];
      const told = new Set<string>();
      const now = this.now();
      const previewsUntil = now - previewRetentionMs;
      return { result: await change({ db, engine: this.engine, now, previewsUntil, changed, told }), changed, told };
    });
    if (observer !== undefined) { for (const row of changed) observer.statusChanged(toGeneration(row)); }
    for (const id of told) this.bell.ring(id);
    if (changed.some(({ status }) => status === "QUEUED")) this.bell.ring(WORK);
    return result;
  }
}

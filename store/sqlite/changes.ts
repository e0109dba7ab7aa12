/** Makes changes of generations, and tells of them. */

import type { Kysely } from "kysely";
import type { GenerationObserver } from "../../jobs/observer.ts";
import type { Bell } from "./bell.ts";
import type { Change } from "./change.ts";
import { unsyncedTransaction } from "./database.ts";
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
    readonly bell: Bell,
    private readonly options: ChangesOptions,
  ) {}

  /** The clock, in milliseconds since the epoch. */
  now(): number {
    return this.options.now();
  }

  /** Makes a change in one transaction; after the commit, tells the observer, followers and those who wait for work. */
  make<T>(change: (change: Change) => Promise<T>): Promise<T> {
    return this.#make(change, (work) => this.db.transaction().execute(work));
  }

  /** The same for what may be lost in a power cut, as a step that would be painted again: it does not wait for the disk. */
  makeUnsynced<T>(change: (change: Change) => Promise<T>): Promise<T> {
    return this.#make(change, (work) => unsyncedTransaction(this.db, work));
  }

  async #make<T>(
    change: (change: Change) => Promise<T>,
    transact: (work: (db: Change["db"]) => Promise<T>) => Promise<T>,
  ): Promise<T> {
    const { observer, previewRetentionMs } = this.options;
    const changed: GenerationRow[] = [];
    const told = new Set<string>();
    const result = await transact((db) => {
      const now = this.now();
      return change({ db, now, previewsUntil: now - previewRetentionMs, changed, told });
    });
    if (observer !== undefined) { for (const row of changed) observer.statusChanged(toGeneration(row)); }
    for (const id of told) this.bell.ring(id);
    if (changed.some(({ status }) => status === "QUEUED")) this.bell.ring(WORK);
    return result;
  }
}

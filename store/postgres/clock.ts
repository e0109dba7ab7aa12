/** The database's time: one clock for all processes, so that a lease ends at the same moment for each of them. */

import { getLogger } from "@logtape/logtape";
import { type QueryExecutorProvider, sql } from "kysely";

const log = getLogger(["parterre", "store"]);

/** Milliseconds between two looks. */
const EVERY_MS = 60_000;

/** A clock that is set by the database's from time to time, and goes by this machine's in between. */
export class DatabaseClock implements Disposable {
  #aheadMs: number;
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(db: QueryExecutorProvider, aheadMs: number) {
    this.#aheadMs = aheadMs;
    this.#timer = setInterval(async () => {
      try {
        this.#aheadMs = await lookAhead(db);
      } catch (error) {
        log.debug("Cannot read the database's clock: {error}", { error }); // that of this machine goes on meanwhile
      }
    }, EVERY_MS);
  }

  /** @throws {StorageError} if the database cannot be reached. */
  static async of(db: QueryExecutorProvider): Promise<DatabaseClock> {
    return new DatabaseClock(db, await lookAhead(db));
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** How far the database's clock is ahead of this machine's, in whole milliseconds. */
async function lookAhead(db: QueryExecutorProvider): Promise<number> {
  const asked = Date.now();
  const { rows: [row] } = await sql<{ readonly ms: number }>`
    SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`.execute(db);
  const answered = Date.now();
  return row === undefined ? 0 : Math.round(row.ms - (asked + answered) / 2);
}

/** PostgreSQL as the engine of the store. */

import { type Kysely, sql, type Transaction } from "kysely";
import { getLogger } from "@logtape/logtape";
import { StorageError } from "../../assets/storage_error.ts";
import { Mutex } from "../../workers/mutex.ts";
import type { Section, SqlEngine } from "../sql/engine.ts";
import type { StoreTables } from "../sql/tables.ts";

const log = getLogger(["parterre", "store"]);

/** The first of the two numbers of every advisory lock of this program: "part" in ASCII. */
const LOCKS = 0x70617274;

/** The second. */
const SECTIONS: Readonly<Record<Section, number>> = { ENQUEUE: 1 };
const FILES = 3; // 2 was that of claims

/** How often a transaction is tried that others are in the way of. */
const TRIES = 8;

/** Bytes that are written as a trial once a change has found the database's disk full: more than its tables have room for. */
const TRIAL_BYTES = 2 ** 16;

/** Undoes the trial. */
class Undone extends Error {}

/** How long it waits before it is tried again, in milliseconds at most, for each time it was tried. */
const APART_MS = 10;

/**
 * A database that many processes use at once. A transaction sees what others committed before each of its statements
 * (READ COMMITTED); rows that are to be changed are locked, and what has to hold for several rows is done in a section.
 */
export class PostgresEngine implements SqlEngine {
  readonly rowLocks = true;
  readonly #turns = new Mutex();
  /** Whether the last that is known of the database's disk is that it is full: a look that writes nothing cannot tell. */
  #full = false;

  /**
   * @param locks One connection that holds locks while others work: were it one of theirs, all of those could come to
   * wait for one more.
   */
  constructor(private readonly locks: Kysely<unknown>) {}

  async transaction<T>(
    db: Kysely<StoreTables>,
    work: (transaction: Transaction<StoreTables>) => Promise<T>,
  ): Promise<T> {
    for (let tried = 1;; tried++) {
      try {
        return await db.transaction().execute(work);
      } catch (error) {
        if (error instanceof StorageError && error.code === "STORAGE_FULL") this.#full = true;
        if (!isCollision(error) || tried === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * tried * APART_MS));
      }
    }
  }

  unsyncedTransaction<T>(
    db: Kysely<StoreTables>,
    work: (transaction: Transaction<StoreTables>) => Promise<T>,
  ): Promise<T> {
    return this.transaction(db, async (transaction) => {
      await sql`SET LOCAL synchronous_commit = off`.execute(transaction);
      return await work(transaction);
    });
  }

  async enter(transaction: Transaction<StoreTables>, section: Section): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCKS)}, ${sql.lit(SECTIONS[section])})`.execute(transaction);
  }

  holdingFiles<T>(work: () => Promise<T>, { alone = false } = {}): Promise<T> {
    const shared = sql.raw(alone ? "" : "_shared");
    const lock = sql`SELECT pg_advisory_lock${shared}(${sql.lit(LOCKS)}, ${sql.lit(FILES)})`;
    const unlock = sql`SELECT pg_advisory_unlock${shared}(${sql.lit(LOCKS)}, ${sql.lit(FILES)})`;
    return this.#turns.run(() =>
      this.locks.connection().execute(async (connection) => {
        await lock.execute(connection);
        try {
          return await work();
        } finally {
          // A connection that broke has let go of its locks.
          await unlock.execute(connection).catch((error) => log.warn("Lost a lock on files: {error}", { error }));
        }
      })
    );
  }

  async check(db: Kysely<StoreTables>): Promise<void> {
    const { rows: [setting] } = await sql<{ readonly only: string }>`
      SELECT current_setting('transaction_read_only') AS only`.execute(db);
    if (setting?.only === "on") throw new StorageError("STORAGE_READ_ONLY", new Error("The database is a standby"));
    if (this.#full) await this.#tryToWrite(db);
  }

  async #tryToWrite(db: Kysely<StoreTables>): Promise<void> {
    const bytes = crypto.getRandomValues(new Uint8Array(TRIAL_BYTES)); // which cannot be compressed
    const writing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto("checkpoints").values({ generation_id: "", name: "trial", token: 0, bytes })
        .execute();
      throw new Undone();
    });
    await writing.catch((error) => {
      if (!(error instanceof Undone)) throw error;
    });
    this.#full = false;
  }

  async bytesOfFiles(db: Kysely<StoreTables>): Promise<number> {
    const { rows: [sum] } = await sql<{ readonly total: number | null }>`
      SELECT sum(bytes)::bigint AS total FROM (
        SELECT image::json ->> 'assetKey' AS asset, (image::json ->> 'bytes')::bigint AS bytes
          FROM generations WHERE image IS NOT NULL
        UNION SELECT more.value ->> 'assetKey', (more.value ->> 'bytes')::bigint
          FROM generations, json_array_elements(more_images::json) AS more
        UNION SELECT asset, bytes FROM uploads) AS files`.execute(db);
    return sum?.total ?? 0;
  }
}

/** Whether a transaction failed only because another was in its way, and was undone. */
function isCollision(error: unknown): boolean {
  if (!(error instanceof StorageError && error.code === "STORAGE_BUSY")) return false;
  const { cause } = error;
  return cause instanceof Error && "code" in cause && (cause.code === "40001" || cause.code === "40P01");
}

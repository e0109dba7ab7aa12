/** SQLite as the engine of the store. */

import { type Kysely, sql, type Transaction } from "kysely";
import { Mutex } from "../../workers/mutex.ts";
import type { SqlEngine } from "../sql/engine.ts";
import type { StoreTables } from "../sql/tables.ts";
import { unsyncedTransaction } from "./database.ts";

/** One file that one process uses: its transactions run one after the other. */
export class SqliteEngine implements SqlEngine {
  readonly rowLocks = false;
  readonly #files = new Mutex();

  transaction<T>(db: Kysely<StoreTables>, work: (transaction: Transaction<StoreTables>) => Promise<T>): Promise<T> {
    return db.transaction().execute(work);
  }

  unsyncedTransaction<T>(
    db: Kysely<StoreTables>,
    work: (transaction: Transaction<StoreTables>) => Promise<T>,
  ): Promise<T> {
    return unsyncedTransaction(db, work);
  }

  /** A transaction has the whole database to itself. */
  enterAcceptance(): Promise<void> {
    return Promise.resolve();
  }

  holdingFiles<T>(work: () => Promise<T>): Promise<T> {
    return this.#files.run(work);
  }

  async check(db: Kysely<StoreTables>): Promise<void> {
    await db.transaction().execute((transaction) => sql`SELECT 1`.execute(transaction)); // takes the write lock
  }

  async bytesOfFiles(db: Kysely<StoreTables>): Promise<number> {
    const { rows: [sum] } = await sql<{ readonly total: number | null }>`
      SELECT sum(bytes) AS total FROM (
        SELECT image ->> '$.assetKey' AS asset, image ->> '$.bytes' AS bytes FROM generations WHERE image IS NOT NULL
        UNION SELECT value ->> '$.assetKey', value ->> '$.bytes' FROM generations, json_each(more_images)
        UNION SELECT asset, bytes FROM uploads)`.execute(db);
    return sum?.total ?? 0;
  }
}

/** What database engines do each in their own way. */

import type { Kysely, Transaction } from "kysely";
import type { StoreTables } from "./tables.ts";

/** What one transaction at a time does: ENQUEUE accepts generations. Claims are one at a time by their tokens. */
export type Section = "ENQUEUE";

/** A database engine. Its tables are {@link StoreTables}, whose queries are the same for all of them. */
export interface SqlEngine {
  /**
   * Whether transactions write at the same time, each seeing what others have committed. A row that is read in order to
   * be changed is then locked by that; without it the whole database is.
   */
  readonly rowLocks: boolean;

  /**
   * Does work in a transaction, and again from its beginning where others were in its way.
   * @param work May run several times.
   */
  transaction<T>(db: Kysely<StoreTables>, work: (transaction: Transaction<StoreTables>) => Promise<T>): Promise<T>;

  /** The same for what may be lost in a power cut: does not wait for the disk. */
  unsyncedTransaction<T>(
    db: Kysely<StoreTables>,
    work: (transaction: Transaction<StoreTables>) => Promise<T>,
  ): Promise<T>;

  /** Waits until no other transaction is in a section, and keeps others out of it until this one ends. */
  enter(transaction: Transaction<StoreTables>, section: Section): Promise<void>;

  /**
   * Lets no file go away while `work` runs, in whichever process; or, with `alone`, nobody else be about to use one.
   * Calls of one process run one after the other.
   */
  holdingFiles<T>(work: () => Promise<T>, options?: { readonly alone?: boolean }): Promise<T>;

  /**
   * Looks whether the database can be read and written now.
   * @throws {StorageError} if not.
   */
  check(db: Kysely<StoreTables>): Promise<void>;

  /** Bytes of the pictures of generations and of uploads, each file counted once. */
  bytesOfFiles(db: Kysely<StoreTables>): Promise<number>;
}

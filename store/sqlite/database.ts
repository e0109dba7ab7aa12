/** The database file: opened with the settings that durability rests on, and brought to the current schema. */

import { DatabaseSync } from "node:sqlite";
import { Kysely, sql, type Transaction } from "kysely";
import { LaterSchemaError } from "../later_schema_error.ts";
import { databaseError } from "./database_error.ts";
import { NodeSqliteDialect } from "./node_sqlite_dialect.ts";

/** How long a transaction waits for another process's write, in milliseconds. */
const LOCK_WAIT_MS = 5000;

/** How long a single statement holds up this thread for such a write, in milliseconds. */
const STATEMENT_WAIT_MS = 100;

/**
 * Opens or creates a SQLite database and applies the migrations that it lacks. The schema version is the number of
 * migrations applied, kept in the file (`PRAGMA user_version`).
 * @param path Of the database file; its folder must exist.
 * @param sync Whether a commit waits for the disk, and so survives a power cut. Without it a commit survives the end of
 * the process, however that ends, but perhaps not a power cut.
 * @throws {LaterSchemaError} if more migrations were applied than there are.
 * @throws {StorageError} if the file cannot be read or written, or is no database.
 */
export async function openDatabase<Tables>(
  path: string,
  migrations: readonly ((db: Kysely<Tables>) => Promise<void>)[],
  sync = true,
): Promise<Kysely<Tables>> {
  const file = opened(path);
  try {
    // With a write-ahead log, NORMAL can lose the latest commits in a power cut, but neither the order nor a part of one.
    file.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${sync ? "FULL" : "NORMAL"}`);
    const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(file, LOCK_WAIT_MS) });
    await migrate(db, path, migrations);
    return db;
  } catch (error) {
    file.close();
    throw databaseError(error);
  }
}

/**
 * A transaction whose commit does not wait for the disk: it holds up this thread for a fraction of a millisecond rather
 * than for several. It survives the end of the process, however that ends; a power cut may undo it, with what was
 * committed after it in the same way, but nothing that was committed before or after as usual.
 */
export async function unsyncedTransaction<Tables, T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return await db.connection().execute(async (connection) => {
    const { rows } = await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(connection);
    await sql`PRAGMA synchronous = NORMAL`.execute(connection);
    try {
      return await connection.transaction().execute(work);
    } finally {
      await sql`PRAGMA synchronous = ${sql.lit(rows[0]?.synchronous ?? FULL)}`.execute(connection);
    }
  });
}

/** SQLite's number for commits that wait for the disk. Source: https://www.sqlite.org/pragma.html#pragma_synchronous */
const FULL = 2;

function opened(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: STATEMENT_WAIT_MS });
  } catch (error) {
    throw databaseError(error);
  }
}

async function migrate<Tables>(
  db: Kysely<Tables>,
  path: string,
  migrations: readonly ((db: Kysely<Tables>) => Promise<void>)[],
): Promise<void> {
  const applied = await schemaVersion(db);
  if (applied > migrations.length) throw new LaterSchemaError(path, applied, migrations.length);
  for (const [index, migration] of migrations.entries()) {
    if (index < applied) continue;
    await db.transaction().execute(async (transaction) => {
      // Looked at again under the write lock: another process may have been here.
      if (await schemaVersion(transaction) > index) return;
      await migration(transaction);
      await sql`PRAGMA user_version = ${sql.lit(index + 1)}`.execute(transaction);
    });
  }
}

async function schemaVersion<Tables>(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
  return rows[0]?.user_version ?? 0;
}

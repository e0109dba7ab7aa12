/** Kysely on `node:sqlite`: Kysely's own SQLite dialect, with the statement interface it expects. */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { getLogger } from "@logtape/logtape";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { LRUCache } from "lru-cache";
import { StorageError } from "../../assets/storage_error.ts";
import { databaseError } from "./database_error.ts";

const log = getLogger(["parterre", "store"]);

type SqliteDatabase = Exclude<SqliteDialectConfig["database"], (...args: never) => unknown>;
type SqliteStatement = ReturnType<SqliteDatabase["prepare"]>;

/** Milliseconds between attempts to take a write lock that another process holds. */
const LOCK_POLL_MS = 25;

/**
 * The dialect over one open database, which it closes on `destroy`.
 *
 * Kysely lends the one connection to one query or transaction at a time, so that no await inside a transaction lets
 * another statement in. Transactions take the write lock when they begin (`BEGIN IMMEDIATE`): none fails half-way
 * because another process wrote in between.
 *
 * Faults of the disk and of locks are {@link StorageError}s, and what a transaction fails with is what failed first.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;
  readonly #config: SqliteDialectConfig;
  readonly #lockWaitMs: number;

  /**
   * @param lockWaitMs How long a transaction waits for the lock of another process, in milliseconds. The thread goes on
   * meanwhile, so the database itself should be opened with a short `timeout`.
   */
  constructor(database: DatabaseSync, lockWaitMs: number) {
    const config = { database: preparing(database) };
    super(config);
    this.#database = database;
    this.#config = config;
    this.#lockWaitMs = lockWaitMs;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config, this.#database, this.#lockWaitMs);
  }
}

class ImmediateDriver extends SqliteDriver {
  constructor(
    config: SqliteDialectConfig,
    private readonly database: DatabaseSync,
    private readonly lockWaitMs: number,
  ) {
    super(config);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const since = performance.now();
    for (;;) {
      try {
        if (this.database.isTransaction) this.database.exec("rollback"); // one whose own rollback failed
        await connection.executeQuery(CompiledQuery.raw("begin immediate"));
        return;
      } catch (error) {
        const busy = error instanceof StorageError && error.code === "STORAGE_BUSY";
        if (!busy || performance.now() - since >= this.lockWaitMs) throw databaseError(error);
        await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
      }
    }
  }

  /** Never fails: Kysely would throw that in place of what the transaction failed with. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (!this.database.isTransaction) return; // SQLite has rolled back itself, as on a full disk
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      log.error("Cannot roll back: {error}", { error });
    }
  }
}

/** The most statements that are kept. The queries are few, but lists of any length give them many texts. */
const MAX_STATEMENTS = 500;

/** Statements are kept by their text: preparing costs more than running most of them. */
function preparing(database: DatabaseSync): SqliteDatabase {
  const statements = new LRUCache<string, SqliteStatement>({ max: MAX_STATEMENTS });
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = typed(() => adapt(database.prepare(sql)));
      statements.set(sql, statement);
      return statement;
    },
  };
}

function adapt(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => typed(() => statement.all(...parameters as SQLInputValue[])),
    run: (parameters) => typed(() => statement.run(...parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...parameters as SQLInputValue[]),
  };
}

/** @throws {StorageError} for the faults below the store that are one. */
function typed<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw databaseError(error);
  }
}

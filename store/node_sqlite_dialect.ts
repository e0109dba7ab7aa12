/** Kysely on `node:sqlite`: Kysely's own SQLite dialect, with the statement interface it expects. */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";

type SqliteDatabase = Exclude<SqliteDialectConfig["database"], (...args: never) => unknown>;
type SqliteStatement = ReturnType<SqliteDatabase["prepare"]>;

/**
 * The dialect over one open database, which it closes on `destroy`.
 *
 * Kysely lends the one connection to one query or transaction at a time, so that no await inside a transaction lets
 * another statement in. Transactions take the write lock when they begin (`BEGIN IMMEDIATE`): none fails half-way
 * because another process wrote in between.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(database: DatabaseSync) {
    const config = { database: preparing(database) };
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config);
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

/** Statements are kept by their text: the queries are few, and preparing costs more than running most of them. */
function preparing(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = adapt(database.prepare(sql));
      statements.set(sql, statement);
      return statement;
    },
  };
}

function adapt(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters as SQLInputValue[]),
    run: (parameters) => statement.run(...parameters as SQLInputValue[]),
    iterate: (parameters) => statement.iterate(...parameters as SQLInputValue[]),
  };
}

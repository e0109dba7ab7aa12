/** A PostgreSQL database, brought to the current schema. */

import { Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { untilStored } from "../../jobs/until_stored.ts";
import { LaterSchemaError } from "../later_schema_error.ts";
import { TypedPostgresDialect } from "./postgres_dialect.ts";
import { postgresError } from "./postgres_error.ts";

/** How long a start waits for the database, in milliseconds: it may be starting too. */
const PATIENCE_MS = 30_000;

/**
 * Applies the migrations that the database lacks, under Kysely's advisory lock: of many processes that start at once one
 * does it, and the others wait.
 * @param url `postgres://user:password@host:port/database`
 * @param migrations By name, in the order of their names.
 * @param patienceMs How long it is tried while the database does not answer, in milliseconds.
 * @throws {LaterSchemaError} if others were applied.
 * @throws {StorageError} if the database does not answer.
 */
export async function migrate(
  url: string,
  migrations: Readonly<Record<string, Migration>>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  await using db = new Kysely<{ readonly kysely_migration: { readonly name: string } }>({
    dialect: new TypedPostgresDialect(url, { max: 1, statementMs: Infinity }),
  });
  await untilStored(() => sql`SELECT 1`.execute(db), {
    task: "reach the database",
    firstWaitMs: 100,
    signal: AbortSignal.timeout(patienceMs),
  });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const known = Object.keys(migrations);
  const applied = await appliedTo(db);
  if (applied.some((name) => !known.includes(name))) {
    throw new LaterSchemaError("the database", applied.length, known.length);
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw postgresError(error);
}

/** The names of the migrations that were applied. */
async function appliedTo(db: Kysely<{ readonly kysely_migration: { readonly name: string } }>): Promise<string[]> {
  const { rows: [table] } = await sql<{ readonly name: string | null }>`
    SELECT to_regclass('kysely_migration')::text AS name`.execute(db);
  if (table === undefined || table.name === null) return [];
  return (await db.selectFrom("kysely_migration").select("name").execute()).map(({ name }) => name);
}

/** The records in a PostgreSQL database, which any number of processes use. */

import { Kysely, type QueryExecutorProvider, sql } from "kysely";
import { lookAhead, RemoteClock } from "../../workers/remote_clock.ts";
import type { Bell } from "../sql/bell.ts";
import type { StoreTables } from "../sql/tables.ts";
import type { Records, StoreOptions } from "../store.ts";
import { PostgresBell } from "./bell.ts";
import { migrate } from "./database.ts";
import { PostgresEngine } from "./engine.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { TypedPostgresDialect } from "./postgres_dialect.ts";

/** Connections for queries and transactions. */
const CONNECTIONS = 8;

/**
 * How long a lock on files is waited for, in milliseconds, before what it was for is given up, or tried again: whoever has
 * it may be writing to an object store that is slow, or be cut off.
 */
const LOCK_MS = 30_000;

/** A bell on the database's notifications, which ends with the rest. */
function ownBell(url: string, db: Kysely<StoreTables>, opening: AsyncDisposableStack): Bell {
  const bell = new PostgresBell(url, db);
  opening.defer(() => bell.ended());
  opening.defer(() => bell.close());
  return bell;
}

/** The database's time, so that a lease ends at the same moment for every process. */
async function clockOf(db: QueryExecutorProvider): Promise<RemoteClock> {
  const read = async () => {
    const { rows: [row] } = await sql<{ readonly ms: number }>`
      SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`.execute(db);
    return row?.ms ?? Date.now();
  };
  return new RemoteClock(read, await lookAhead(read));
}

/** Opens the database. @throws as {@link migrate}. */
export async function openPostgres(url: string, { now, bell: given }: StoreOptions): Promise<Records> {
  await using opening = new AsyncDisposableStack();
  await migrate(url, MIGRATIONS);
  const db = opening.use(
    new Kysely<StoreTables>({ dialect: new TypedPostgresDialect(url, { max: CONNECTIONS }) }),
  );
  const locks = opening.use(
    new Kysely<unknown>({
      dialect: new TypedPostgresDialect(url, { max: 1, lockMs: LOCK_MS, statementMs: 2 * LOCK_MS }),
    }),
  );
  const clock = now === undefined ? opening.use(await clockOf(db)) : { now };
  const bell = given ?? ownBell(url, db, opening);
  const held = opening.move();
  return {
    db,
    engine: new PostgresEngine(locks),
    bell,
    now: () => clock.now(),
    alone: false,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Kysely on `pg`: Kysely's own PostgreSQL dialect, with the values that the store's rows hold, and typed faults. */

import { getLogger } from "@logtape/logtape";
import {
  type Driver,
  type PostgresCursor,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from "kysely";
import pg from "pg";
import { StorageError } from "../../assets/storage_error.ts";
import { Slots } from "../sql/slots.ts";
import { postgresError } from "./postgres_error.ts";

const log = getLogger(["parterre", "store"]);

/** How long a connection may take to be made, and all of them to be in use without a change, in milliseconds. */
const CONNECT_MS = 5000;

/** How long a statement may take by default, in milliseconds. */
const STATEMENT_MS = 30_000;

/** How long a process may hold locks without a word, in milliseconds: it may have been stopped, or cut off. */
const SILENCE_MS = 10_000;

/**
 * When the database finds that a process is gone which was cut off, so that the locks of its session are let go: nothing
 * else tells of that while the session waits for nothing. After 30 s: the first three in seconds, for a session that said
 * nothing since, the last in milliseconds, for one whose answer was on its way.
 * Source: https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-TCP-SETTINGS
 */
const PROBES =
  "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4 -c tcp_user_timeout=30000";

/** How connections are made. */
export interface ConnectionOptions {
  /** How many there may be. */
  readonly max: number;
  /** How long a statement may take, in milliseconds, before its connection is given up as broken. Default 30,000. */
  readonly statementMs?: number;
  /** How long a statement waits for a lock, in milliseconds. Default: as long as it may take. */
  readonly lockMs?: number;
  /** How long all may be in use, in milliseconds, before those who wait for one are told. Default 5000. */
  readonly waitMs?: number;
}

/**
 * The dialect over a pool of connections, which it ends on `destroy`. Connections that broke are made anew. Whole numbers
 * are numbers, and binary values `Uint8Array`s, as they are with SQLite.
 *
 * Faults of PostgreSQL and of the way to it are {@link StorageError}s, and what a transaction fails with is what failed
 * first.
 */
export class TypedPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(url: string, options: ConnectionOptions) {
    const config = { pool: new TypedPool(url, options) };
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new QuietDriver(this.#config);
  }
}

/** How `pg` connects to a URL. */
export function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: "parterre",
    connectionTimeoutMillis: CONNECT_MS,
    idle_in_transaction_session_timeout: SILENCE_MS,
    keepAlive: true,
    options: PROBES,
    types: { getTypeParser },
  };
}

/** Numbers of PostgreSQL's types. Source: https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8 = 20, BYTEA = 17;

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") => {
  // Counts, times and tokens, all of them below 2 ** 53.
  if (oid === INT8 && format !== "binary") return Number;
  if (oid === BYTEA && format !== "binary") return (hex: string) => Uint8Array.fromHex(hex.slice("\\x".length));
  return pg.types.getTypeParser(oid, format as "text");
};

class QuietDriver extends PostgresDriver {
  /** Never fails: Kysely would throw that in place of what the transaction failed with. */
  override async rollbackTransaction(connection: Parameters<PostgresDriver["rollbackTransaction"]>[0]): Promise<void> {
    try {
      await super.rollbackTransaction(connection); // where that fails, the connection is made anew
    } catch (error) {
      log.debug("Cannot roll back: {error}", { error });
    }
  }
}

class TypedPool implements PostgresPool {
  readonly #pool: pg.Pool;
  readonly #clients = new WeakMap<pg.PoolClient, TypedClient>();
  readonly #connecting = new Set<Promise<pg.PoolClient>>();
  /** As many as connections, so that nobody waits inside the pool, where the time of each is limited. */
  readonly #slots: Slots;
  #ended = false;

  constructor(url: string, { max, statementMs = STATEMENT_MS, lockMs, waitMs = CONNECT_MS }: ConnectionOptions) {
    const limits = {
      ...Number.isFinite(statementMs) && { query_timeout: statementMs },
      ...lockMs !== undefined && { lock_timeout: lockMs },
    };
    this.#pool = new pg.Pool({ ...clientConfig(url), max, ...limits });
    this.#slots = new Slots(max, waitMs);
    // Of a connection that nobody uses now; the next one who needs it gets another.
    this.#pool.on("error", (error: Error) => log.debug("A connection to the database ended: {error}", { error }));
  }

  get options(): object {
    return this.#pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.#ended) throw new Error("The database was closed");
    const connecting = this.#connect();
    this.#connecting.add(connecting);
    const client = await connecting.finally(() => this.#connecting.delete(connecting));
    const known = this.#clients.get(client) ?? new TypedClient(client, () => this.#slots.give());
    this.#clients.set(client, known);
    return known;
  }

  async #connect(): Promise<pg.PoolClient> {
    await this.#slots.take();
    try {
      return await typed(this.#pool.connect());
    } catch (error) {
      this.#slots.give(error);
      throw error;
    }
  }

  /** Those who wait for a connection are served first: the pool would let them wait until their time is over. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.allSettled(this.#connecting);
    await this.#pool.end();
  }
}

class TypedClient implements PostgresPoolClient {
  #broken = false;

  /** @param released Is told whenever the connection is given back. */
  constructor(private readonly client: pg.PoolClient, private readonly released: () => void) {
    client.on("error", () => this.#broken = true); // whoever waits for an answer is told by that
  }

  query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: unknown, values: readonly unknown[] = []): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== "string") throw new TypeError("Cursors are not used");
    return this.#query<R>(text, values);
  }

  async #query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      return await typed(this.client.query(text, values.map(sendable))) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (error instanceof StorageError && error.code === "STORAGE_UNREACHABLE") this.#broken = true;
      throw error;
    }
  }

  release(discard?: boolean | Error): void {
    this.client.release(discard || this.#broken);
    this.released();
  }
}

/**
 * A value as PostgreSQL takes it. Its texts cannot hold U+0000, and no text that is kept does: what is looked for with one
 * is not there.
 * Source: https://www.postgresql.org/docs/current/datatype-character.html
 */
function sendable(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}

/** @throws {StorageError} for the faults below the store that are one. */
async function typed<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw postgresError(error);
  }
}

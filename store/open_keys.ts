/** The keys of a store for a process beside its servers, which may be running. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { KeyStore } from "../access/keys.ts";
import { DATABASE } from "./open.ts";
import { openPostgres } from "./postgres/open_postgres.ts";
import { SqlKeyStore } from "./sql/key_store.ts";
import { openSqlite } from "./sqlite/open_sqlite.ts";
import type { StoreOptions } from "./store.ts";

/** Keys, until they are disposed of. */
export interface OpenKeys extends AsyncDisposable {
  readonly keys: KeyStore;
}

/**
 * Opens the keys of a data folder, which is made if there is none, or those of the database that the options name.
 * @throws {LaterSchemaError} if a later version of this program wrote it.
 * @throws {StorageError} if the database does not answer.
 */
export async function openKeys(dataFolder: string, options: Pick<StoreOptions, "database"> = {}): Promise<OpenKeys> {
  if (options.database === undefined) await mkdir(dataFolder, { recursive: true });
  const { db, now, [Symbol.asyncDispose]: close } = options.database === undefined
    ? await openSqlite(join(dataFolder, DATABASE), {})
    : await openPostgres(options.database, {});
  return { keys: new SqlKeyStore(db, { now }), [Symbol.asyncDispose]: close };
}

/** The keys of a data folder for a process beside the server, which may be running. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { KeyStore } from "../../access/keys.ts";
import { DATABASE } from "../open.ts";
import { openDatabase } from "./database.ts";
import { SqlKeyStore } from "../sql/key_store.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";

/** Keys, until they are disposed of. */
export interface OpenKeys extends AsyncDisposable {
  readonly keys: KeyStore;
}

/**
 * Opens the keys of a data folder, which is made if there is none.
 * @throws {LaterSchemaError} if a later version of this program wrote it.
 */
export async function openKeys(dataFolder: string): Promise<OpenKeys> {
  await mkdir(dataFolder, { recursive: true });
  const db = await openDatabase(join(dataFolder, DATABASE), MIGRATIONS);
  return { keys: new SqlKeyStore(db, { now: Date.now }), [Symbol.asyncDispose]: () => db.destroy() };
}

/** The records in a SQLite file. */

import { LocalBell } from "../sql/bell.ts";
import type { Records, StoreOptions } from "../store.ts";
import { openDatabase } from "./database.ts";
import { SqliteEngine } from "./engine.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";

/** Opens the file, which only this process works on. @throws as {@link openDatabase}. */
export async function openSqlite(path: string, options: StoreOptions): Promise<Records> {
  const { now = Date.now, sync = true, bell = new LocalBell() } = options;
  const db = await openDatabase(path, MIGRATIONS, sync);
  return {
    db,
    engine: new SqliteEngine(),
    bell,
    now,
    alone: true,
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

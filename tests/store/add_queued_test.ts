/** What waited when claims got a table of their own is claimed from it, and what an earlier version changes is too. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { openStore } from "../../store/open.ts";
import { migrate } from "../../store/postgres/database.ts";
import { MIGRATIONS } from "../../store/postgres/migrations/migrations.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { addQueued } from "../../store/sqlite/migrations/add_queued.ts";
import { MIGRATIONS as SQLITE_MIGRATIONS } from "../../store/sqlite/migrations/migrations.ts";
import { startPostgres } from "../../tools/cluster/engines/postgres.ts";
import { requestFor } from "../jobs/requests.ts";

const postgres = await startPostgres();

/** Generations as an earlier version wrote them. */
function inserting(ids: readonly string[]): string {
  const request = JSON.stringify(requestFor("a"));
  const rows = ids.map((id, i) =>
    `('${id}', 'lane', ${i}, '${request}', 'beds-256', 'QUEUED', 0, 1, 0, ${id === "late" ? 1 : "NULL"})`
  );
  return "INSERT INTO generations (id, lane, priority, request, model, status, attempts, created_at, step, expires_at) " +
    `VALUES ${rows.join(", ")}`;
}

/** What is claimed by model, in order. */
async function claimed(folder: string, database?: string): Promise<readonly string[]> {
  const store = await openStore(folder, { database });
  const ids: string[] = [];
  for (;;) {
    const claim = await store.work.claim("w", 60_000, { models: ["beds-256"] });
    if (claim === null) break;
    ids.push(claim.generation.id);
  }
  await store.close();
  return ids;
}

Deno.test("sqlite: what waited before the migration is claimed, in turn", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-queued-" });
  const path = join(folder, "parterre.sqlite");
  await (await openDatabase(path, SQLITE_MIGRATIONS.slice(0, SQLITE_MIGRATIONS.indexOf(addQueued)))).destroy();
  const db = new DatabaseSync(path);
  db.exec(inserting(["low", "high", "late"]));
  db.close();
  assert.deepEqual(await claimed(folder), ["high", "low"]);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("postgres: the same, and what a process of the version before goes on to write", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-queued-" });
  const database = await postgres.createDatabase();
  const before = Object.entries(MIGRATIONS).filter(([name]) => name < "004_add_queued");
  await migrate(database, Object.fromEntries(before));
  const older = new pg.Client({ connectionString: database });
  await older.connect();
  await older.query(inserting(["low", "high", "late"]));
  await migrate(database, MIGRATIONS);
  await older.query(inserting(["new", "canceled"]));
  await older.query("UPDATE generations SET status = 'CANCELED', completed_at = 1 WHERE id = 'canceled'");
  assert.deepEqual(await claimed(folder, database), ["high", "low", "new"]);
  await older.query("UPDATE generations SET status = 'QUEUED', token = NULL, lease_expires_at = NULL WHERE id = 'low'");
  assert.deepEqual(await claimed(folder, database), ["low"]);
  await older.end();
  Deno.removeSync(folder, { recursive: true });
});

/** More who want a connection at once than there are. */

import assert from "node:assert/strict";
import { Kysely, sql } from "kysely";
import { StorageError } from "../../../assets/storage_error.ts";
import { TypedPostgresDialect } from "../../../store/postgres/postgres_dialect.ts";
import { startPostgres } from "../../../tools/cluster/engines/postgres.ts";

const postgres = await startPostgres();

const sleep = (db: Kysely<unknown>, seconds: number) => sql`SELECT pg_sleep(${seconds})`.execute(db);

Deno.test("a burst takes its time: nobody is refused while connections become free, in the order of asking", async () => {
  const dialect = new TypedPostgresDialect(await postgres.createDatabase(), { max: 2, waitMs: 500 });
  await using db = new Kysely<unknown>({ dialect });
  const order: number[] = [];
  // Four times as long as anybody waits for a connection to become free.
  await Promise.all(Array.from({ length: 40 }, (_, i) => sleep(db, 0.1).then(() => order.push(i))));
  // Two at a time end in either order.
  assert.deepEqual(order.map((i, at) => Math.abs(i - at) <= 1), order.map(() => true));
});

Deno.test("where none becomes free those who wait are told, and later ones are served again", async () => {
  const dialect = new TypedPostgresDialect(await postgres.createDatabase(), { max: 2, waitMs: 500 });
  await using db = new Kysely<unknown>({ dialect });
  const held = [sleep(db, 1.5), sleep(db, 1.5)];
  const since = performance.now();
  const told = await Promise.allSettled(Array.from({ length: 20 }, () => sleep(db, 0)));
  assert.ok(performance.now() - since < 1400);
  for (const one of told) {
    assert.ok(one.status === "rejected" && one.reason instanceof StorageError);
    assert.equal(one.reason.code, "STORAGE_UNREACHABLE");
  }
  await Promise.all(held);
  await sleep(db, 0);
});

Deno.test("while the database is away all who wait are told by the first who finds out", async () => {
  await using own = await startPostgres();
  const dialect = new TypedPostgresDialect(await own.createDatabase(), { max: 1 });
  await using db = new Kysely<unknown>({ dialect });
  await sleep(db, 0);
  await own.stop();
  const since = performance.now();
  const told = await Promise.allSettled(Array.from({ length: 200 }, () => sleep(db, 0)));
  assert.ok(told.every((one) => one.status === "rejected" && one.reason.code === "STORAGE_UNREACHABLE"));
  assert.ok(performance.now() - since < 2000);
  await own.start();
  await sleep(db, 0);
});

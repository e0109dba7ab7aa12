/** Several processes on one database, as far as one process cannot show it: claims, rings, migrations, a server that goes. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Kysely, sql } from "kysely";
import { StorageError } from "../../../assets/storage_error.ts";
import { LaterSchemaError } from "../../../store/later_schema_error.ts";
import { openKeys } from "../../../store/open_keys.ts";
import { openStore } from "../../../store/open.ts";
import { PostgresBell } from "../../../store/postgres/bell.ts";
import { migrate } from "../../../store/postgres/database.ts";
import { MIGRATIONS } from "../../../store/postgres/migrations/migrations.ts";
import { TypedPostgresDialect } from "../../../store/postgres/postgres_dialect.ts";
import { postgresError } from "../../../store/postgres/postgres_error.ts";
import { BackendError } from "../../../store/store.ts";
import { PICTURE, requestFor } from "../../jobs/requests.ts";
import { startFaultProxy } from "../../../tools/cluster/engines/fault_proxy.ts";
import { startPostgres } from "../../../tools/cluster/engines/postgres.ts";
import { until } from "../../../tools/cluster/engines/service.ts";

const postgres = await startPostgres();

const WORKER = fileURLToPath(new URL("./claiming_worker.ts", import.meta.url));

/** Folders for the files of so many processes. */
function folders(count: number): Disposable & { readonly paths: readonly string[] } {
  const paths = Array.from({ length: count }, () => Deno.makeTempDirSync({ prefix: "parterre-processes-" }));
  return { paths, [Symbol.dispose]: () => paths.forEach((path) => Deno.removeSync(path, { recursive: true })) };
}

Deno.test("claimers in several processes get different generations, all of them, under tokens of their own", async () => {
  using places = folders(4);
  const [own = "", ...others] = places.paths;
  const database = await postgres.createDatabase();
  const store = await openStore(own, { database });
  const ids: string[] = [];
  for (let i = 0; i < 60; i++) {
    ids.push((await store.queue.enqueue(requestFor(`${i}`), { lane: `${i % 7}` })).generation.id);
  }
  const outputs = await Promise.all(others.map((folder, i) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-check", WORKER, folder, database, `worker ${i}`],
      stderr: "inherit",
    }).output()
  ));
  const claims = outputs.flatMap(({ stdout }): [string, number][] => JSON.parse(new TextDecoder().decode(stdout)));
  assert.deepEqual(claims.map(([id]) => id).sort(), ids.sort());
  assert.equal(new Set(claims.map(([, token]) => token)).size, 60);
  await store.close();
});

Deno.test("a follower on one process hears of what another does, and a worker there of what this one enqueues", async () => {
  using places = folders(2);
  const [one = "", other = ""] = places.paths;
  const database = await postgres.createDatabase();
  // Nobody looks by itself.
  const here = await openStore(one, { database, pollMs: 600_000 });
  const there = await openStore(other, { database, pollMs: 600_000 });
  const working = there.work.waitForWork(new AbortController().signal);
  const { generation: { id } } = await here.queue.enqueue(requestFor("a"));
  await working;
  const seen: string[] = [];
  const following = (async () => {
    for await (const event of here.events.follow(id, 0, new AbortController().signal)) seen.push(event.type);
  })();
  const since = performance.now();
  const { token = 0 } = await there.work.claim("worker", 60_000) ?? {};
  await there.work.progress(id, token, { step: 1, etaMs: null, preview: null });
  await there.work.complete(id, token, { image: PICTURE, metrics: null });
  await following;
  assert.deepEqual(seen, ["STATUS", "STATUS", "PROGRESS", "STATUS", "COMPLETED"]);
  assert.ok(performance.now() - since < 3000, "it was told, and did not look by chance");
  await Promise.all([here.close(), there.close()]);
});

Deno.test("of many processes that start on an empty database at once one makes the tables", async () => {
  using places = folders(4);
  const database = await postgres.createDatabase();
  const stores = await Promise.all(places.paths.map((folder) => openStore(folder, { database })));
  await stores[0]?.queue.enqueue(requestFor("a"));
  for (const { queue } of stores) assert.equal((await queue.stats()).queued, 1);
  const secrets = new Set(stores.map(({ urlSecret }) => urlSecret.toHex()));
  assert.equal(secrets.size, 1, "URLs that one of them signed are good for all");
  await Promise.all(stores.map((store) => store.close()));
});

Deno.test("a key that is made beside the servers works on each of them, and no longer once it is revoked", async () => {
  using places = folders(2);
  const database = await postgres.createDatabase();
  await using open = await openKeys("nowhere", { database });
  const stores = await Promise.all(places.paths.map((folder) => openStore(folder, { database })));
  const spec = { name: "app", scopes: ["read"], limits: {}, expiresAt: null } as const;
  const { key: { id }, secret } = await open.keys.create(spec);
  for (const { keys } of stores) assert.equal((await keys.findBySecret(secret))?.revokedAt, null);
  await open.keys.revoke(id);
  for (const { keys } of stores) assert.notEqual((await keys.findBySecret(secret))?.revokedAt, null);
  await Promise.all(stores.map((store) => store.close()));
});

Deno.test("a database of a later version is refused, and so is a migration that fails, which changes nothing", async () => {
  const database = await postgres.createDatabase();
  const nonsense = async (db: Kysely<unknown>) => {
    await sql`CREATE TABLE half_done (id INTEGER)`.execute(db);
    await sql`CREATE NONSENSE`.execute(db);
  };
  await assert.rejects(migrate(database, { ...MIGRATIONS, "999_nonsense": { up: nonsense } }), /NONSENSE/);
  await migrate(database, { ...MIGRATIONS, "999_more": { up: () => Promise.resolve() } });
  await assert.rejects(migrate(database, MIGRATIONS), LaterSchemaError);
});

Deno.test("a database that does not exist, and a password that is wrong, are no matter of time", async () => {
  using places = folders(1);
  const [nowhere, guessed] = [new URL(await postgres.createDatabase()), new URL(await postgres.createDatabase())];
  nowhere.pathname = "/nowhere";
  guessed.password = "guessed";
  for (const { href: database } of [nowhere, guessed]) {
    await assert.rejects(openStore(places.paths[0] ?? "", { database }), (error) => {
      assert.ok(error instanceof BackendError && error.what === "database");
      assert.ok(!(error.cause instanceof StorageError), String(error.cause));
      return true;
    });
  }
});

Deno.test("while the database is away everything fails with a typed fault; then it goes on, and followers miss nothing", async () => {
  using places = folders(2);
  const [one = "", other = ""] = places.paths;
  const database = await postgres.createDatabase();
  const [here, there] = [await openStore(one, { database }), await openStore(other, { database })];
  const { generation: { id } } = await here.queue.enqueue(requestFor("a"));
  const { token = 0 } = await there.work.claim("worker", 60_000) ?? {};
  const seen: number[] = [];
  const following = (async () => {
    for await (const { sequence } of here.events.follow(id, 0, new AbortController().signal)) seen.push(sequence);
  })();
  await until(() => Promise.resolve(assert.equal(seen.length, 2)), 5000);

  await postgres.stop("kill"); // in the middle of everything
  const calls = [
    () => here.queue.enqueue(requestFor("b")),
    () => here.generations.get(id),
    () => there.work.progress(id, token, { step: 1, etaMs: null, preview: null }),
    () => here.checkDatabase(),
    () => here.files.holding(() => Promise.resolve()),
  ];
  for (const call of calls) {
    await assert.rejects(call(), (error) => {
      assert.ok(error instanceof StorageError, String(error));
      assert.deepEqual([error.code, error.retryAfterMs], ["STORAGE_UNREACHABLE", 5000]);
      return true;
    });
  }
  await postgres.start();
  await until(() => here.checkDatabase(), 5000);
  await there.work.complete(id, token, { image: PICTURE, metrics: null });
  await following;
  assert.deepEqual(seen, [1, 2, 3, 4]);
  await here.files.holding(() => here.queue.enqueue(requestFor("c")));
  await Promise.all([here.close(), there.close()]);
});

Deno.test("a lock that another keeps and a connection that is gone without a word end a wait, with a fault to try again", async () => {
  const database = new URL(await postgres.createDatabase());
  await using proxy = await startFaultProxy(postgres.port);
  const dialect = new TypedPostgresDialect(database.href, { max: 1 });
  await using other = new Kysely<unknown>({ dialect });
  database.port = `${proxy.port}`;
  const limits = { max: 1, lockMs: 100, statementMs: 300 };
  await using db = new Kysely<unknown>({ dialect: new TypedPostgresDialect(database.href, limits) });
  const rejects = (code: string) => (error: unknown) => error instanceof StorageError && error.code === code;

  await other.connection().execute(async (holder) => {
    await sql`SELECT pg_advisory_lock(1, 2)`.execute(holder);
    await assert.rejects(sql`SELECT pg_advisory_lock(1, 2)`.execute(db), rejects("STORAGE_BUSY"));
    await sql`SELECT pg_advisory_unlock(1, 2)`.execute(holder);
  });
  const { rows } = await sql`SELECT pg_advisory_lock(1, 2), current_setting('tcp_keepalives_idle') AS idle`.execute(db);
  assert.equal((rows[0] as { idle: string }).idle, "10", "the database looks whether this process is still there");
  proxy.forget();
  await assert.rejects(sql`SELECT 1`.execute(db), rejects("STORAGE_UNREACHABLE"));
  await sql`SELECT 1`.execute(db); // on a connection of its own
});

Deno.test("a bell whose connection was cut rings everything once it is back, and then hears again", async () => {
  const database = await postgres.createDatabase();
  await using db = new Kysely<unknown>({ dialect: new TypedPostgresDialect(database, { max: 2 }) });
  const [here, there] = [new PostgresBell(database, db), new PostgresBell(database, db)];
  let heard = 0;
  using _hearing = here.hear("topic", () => heard++);
  const hears = (count: number) => until(() => Promise.resolve(assert.ok(heard >= count, `${heard}`)), 5000);
  await hears(1); // as soon as it listens
  there.ring("topic");
  there.ring("another");
  await hears(2);
  assert.equal(heard, 2);
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`.execute(db);
  await hears(3);
  there.ring("topic");
  await hears(4);
  for (const bell of [here, there]) {
    bell.close();
    await bell.ended();
  }
});

Deno.test("faults of PostgreSQL have their codes; other errors stay as they are", () => {
  const failed = (code: string) => Object.assign(new Error("x"), { code });
  const cases: readonly [Error, string | null][] = [
    [failed("53100"), "STORAGE_FULL"],
    [failed("53300"), "STORAGE_BUSY"],
    [failed("40P01"), "STORAGE_BUSY"],
    [failed("25006"), "STORAGE_READ_ONLY"],
    [failed("57P03"), "STORAGE_UNREACHABLE"],
    [failed("08006"), "STORAGE_UNREACHABLE"],
    [failed("58030"), "STORAGE_FAILED"],
    [failed("XX001"), "STORAGE_DAMAGED"],
    [failed("EHOSTUNREACH"), "STORAGE_UNREACHABLE"],
    [new AggregateError([failed("ECONNREFUSED"), failed("ECONNREFUSED")]), "STORAGE_UNREACHABLE"],
    [new Error("Connection terminated unexpectedly"), "STORAGE_UNREACHABLE"],
    [failed("23505"), null],
    [failed("ERR_SQLITE_ERROR"), null],
    [new Error("x"), null],
  ];
  for (const [error, code] of cases) {
    const found = postgresError(error);
    if (code === null) assert.equal(found, error);
    else assert.equal(found instanceof StorageError && found.code, code, `${error}`);
  }
});

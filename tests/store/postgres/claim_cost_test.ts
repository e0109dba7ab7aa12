/** What a claim costs the database, in counts that do not depend on what else the machine does. */

import assert from "node:assert/strict";
import pg from "pg";
import { openStore } from "../../../store/open.ts";
import { startPostgres } from "../../../tools/cluster/engines/postgres.ts";
import { until } from "../../../tools/cluster/engines/service.ts";
import { requestFor } from "../../jobs/requests.ts";

const postgres = await startPostgres();

const folder = Deno.makeTempDirSync({ prefix: "parterre-claim-cost-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const LANES = 10;

/** Statements that were sent, and blocks that were read. */
interface Cost {
  readonly statements: number;
  readonly blocks: number;
}

/** Does something on a connection of its own; what it read is counted once it has ended. */
async function query(url: string, ...texts: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let result = await client.query("SELECT 1");
    for (const text of texts) result = await client.query(text);
    return result;
  } finally {
    await client.end();
  }
}

/** Blocks that all connections so far have read. */
async function blocksRead(url: string): Promise<number> {
  const others = "datname = current_database() AND pid <> pg_backend_pid()";
  await until(async () => {
    assert.equal((await query(url, `SELECT 1 FROM pg_stat_activity WHERE ${others}`)).rowCount, 0);
  }, 5000);
  const { rows: [{ sum }] } = await query(
    url,
    "SELECT sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0)) FROM pg_statio_user_tables",
  );
  return Number(sum);
}

/** What it costs to open the store, claim so often, and close it. */
async function costOf(url: string, claims: number): Promise<Cost> {
  const before = await blocksRead(url);
  const store = await openStore(folder, { database: url });
  const { query } = pg.Client.prototype;
  let statements = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    if (!/pg_notify|^LISTEN/.test(String(args[0]))) statements++;
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    for (let i = 0; i < claims; i++) {
      assert.notEqual(await store.work.claim("worker", 60_000, { models: ["beds-256"] }), null);
    }
  } finally {
    pg.Client.prototype.query = query;
    await store.close();
  }
  return { statements, blocks: await blocksRead(url) - before };
}

/** What a claim costs, by what ten more of them do; those before clear away what was deleted of late. */
async function costOfClaim(url: string): Promise<Cost> {
  await costOf(url, 10);
  const some = await costOf(url, 10);
  const more = await costOf(url, 20);
  return { statements: (more.statements - some.statements) / 10, blocks: (more.blocks - some.blocks) / 10 };
}

/** Enqueues as the queue does, and then copies what it has enqueued: so many that it would take long. */
async function enqueue(url: string, count: number): Promise<void> {
  const store = await openStore(folder, { database: url });
  for (let i = 0; i < LANES; i++) await store.queue.enqueue(requestFor("a"), { lane: `lane ${i}` });
  await store.close();
  await query(
    url,
    `INSERT INTO generations (id, lane, priority, request, model, status, attempts, created_at, step)
    SELECT gen_random_uuid(), 'lane ' || i % ${LANES}, 0, request, model, 'QUEUED', 0, created_at, 0
    FROM generate_series(1, ${count - LANES}) AS i, (SELECT * FROM generations WHERE status = 'QUEUED' LIMIT 1) AS one`,
  );
}

Deno.test("a claim costs the database the same whether 60 wait or 20,000, whatever it knows of its tables", async (t) => {
  await query(await postgres.createDatabase(), "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
  for (const [what, analyzed] of [["nothing", false], ["what was true while nothing waited", true]] as const) {
    await t.step(`it knows ${what}`, async () => {
      const url = await postgres.createDatabase();
      await enqueue(url, 200);
      await query(url, "UPDATE generations SET status = 'FAILED', completed_at = 0");
      if (analyzed) await query(url, "ANALYZE");
      await enqueue(url, 60);
      const short = await costOfClaim(url);
      await enqueue(url, 20_000);
      const long = await costOfClaim(url);
      assert.ok(long.blocks < 1.5 * short.blocks, `${long.blocks} blocks a claim, and ${short.blocks} of 60`);
      assert.deepEqual([short.statements, long.statements], [7, 7]);
    });
  }
});

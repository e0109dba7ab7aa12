/** What a claim costs the database, in counts that do not depend on what else the machine does. */

import assert from "node:assert/strict";
import pg from "pg";
import { openStore } from "../../../store/open.ts";
import { startPostgres } from "../../../tools/cluster/engines/postgres.ts";
import { until } from "../../../tools/cluster/engines/service.ts";
import { requestFor } from "../../jobs/requests.ts";

const postgres = await startPostgres();

const LANES = 10;
const CLAIMS = 10;

/** What some claims cost, each: statements that were sent, blocks that were read. */
interface Cost {
  readonly statements: number;
  readonly blocks: number;
}

/** A database whose statistics are as the test leaves them. */
async function database(): Promise<{ url: string; client: pg.Client }> {
  const url = await postgres.createDatabase();
  const client = new pg.Client({ connectionString: url, application_name: "test" });
  await client.connect();
  await client.query("ALTER SYSTEM SET autovacuum = off");
  await client.query("SELECT pg_reload_conf()");
  return { url, client };
}

/** Claims on connections of their own: what those did is counted once they have ended. */
async function costOf(url: string, client: pg.Client): Promise<Cost> {
  const ended = async () => {
    const { rows } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parterre'",
    );
    assert.equal(rows.length, 0);
  };
  const blocks = async () => {
    await until(ended, 5000);
    const { rows: [{ sum }] } = await client.query(`
      SELECT sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0)) FROM pg_statio_user_tables`);
    return Number(sum);
  };
  const folder = Deno.makeTempDirSync({ prefix: "parterre-claim-cost-" });
  // What opening and closing costs is taken off.
  const before = await blocks();
  await (await openStore(folder, { database: url })).close();
  const opened = await blocks();
  const store = await openStore(folder, { database: url });
  const { query } = pg.Client.prototype;
  let statements = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    if (!/pg_notify|^LISTEN/.test(String(args[0]))) statements++;
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    for (let i = 0; i < CLAIMS; i++) {
      assert.notEqual(await store.work.claim("worker", 60_000, { models: ["beds-256"] }), null);
    }
  } finally {
    pg.Client.prototype.query = query;
    await store.close();
  }
  const spent = await blocks() - opened - (opened - before);
  Deno.removeSync(folder, { recursive: true });
  return { statements: statements / CLAIMS, blocks: spent / CLAIMS };
}

/** Enqueues as the queue does, or copies what it has enqueued: so many that it would take long. */
async function enqueue(url: string, client: pg.Client, count: number): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-claim-cost-" });
  const store = await openStore(folder, { database: url });
  for (let i = 0; i < LANES; i++) await store.queue.enqueue(requestFor("a"), { lane: `lane ${i}` });
  await store.close();
  Deno.removeSync(folder, { recursive: true });
  await client.query(`
    INSERT INTO generations (id, lane, priority, request, model, status, attempts, created_at, step)
    SELECT gen_random_uuid(), 'lane ' || i % ${LANES}, 0, request, model, 'QUEUED', 0, created_at, 0
    FROM generate_series(1, ${
    count - LANES
  }) AS i, (SELECT * FROM generations WHERE status = 'QUEUED' LIMIT 1) AS one`);
}

Deno.test("a claim costs the database the same whether 20 wait or 20,000, whatever it knows of its tables", async (t) => {
  for (
    const [what, analyzed] of [
      ["nothing", ""],
      ["what was true while nothing waited", "ANALYZE"],
    ] as const
  ) {
    await t.step(`it knows ${what}`, async () => {
      const { url, client } = await database();
      await (await openStore(Deno.makeTempDirSync(), { database: url })).close();
      if (analyzed !== "") await client.query(analyzed);
      await enqueue(url, client, 20);
      const short = await costOf(url, client);
      await enqueue(url, client, 20_000);
      const long = await costOf(url, client);
      await client.end();

      // An index of so many rows is a level or two deeper. All of those that wait would be hundreds of blocks.
      assert.ok(long.blocks < 2.2 * short.blocks, `${long.blocks} blocks a claim, and ${short.blocks} of 20`);
      assert.deepEqual([short.statements, long.statements], [7, 7]);
    });
  }
});

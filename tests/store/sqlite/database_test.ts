/** Transactions are real, and schemas only move forward. */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import { LaterSchemaError } from "../../../store/later_schema_error.ts";
import { openDatabase, unsyncedTransaction } from "../../../store/sqlite/database.ts";

interface Tables {
  readonly counters: { readonly name: string; value: number };
  readonly notes: { readonly counter: string; readonly text: string };
}

type Migration = (db: Kysely<Tables>) => Promise<void>;

const COUNTERS: Migration = async (db) => {
  await sql`CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT`.execute(db);
  await db.insertInto("counters").values({ name: "a", value: 0 }).execute();
};
const NOTES: Migration = async (db) => {
  await sql`CREATE TABLE notes (counter TEXT NOT NULL REFERENCES counters (name), text TEXT NOT NULL)`.execute(db);
};

async function withFile(body: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-database-"));
  try {
    await body(join(folder, "test.sqlite"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function value(db: Kysely<Tables>): Promise<number | undefined> {
  return (await db.selectFrom("counters").select("value").where("name", "=", "a").executeTakeFirst())?.value;
}

Deno.test("awaits inside a transaction let no other transaction or query in", () =>
  withFile(async (path) => {
    const db = await openDatabase(path, [COUNTERS]);
    await Promise.all(Array.from({ length: 20 }, () =>
      db.transaction().execute(async (transaction) => {
        const read = await value(transaction) ?? NaN;
        await new Promise((resolve) => setTimeout(resolve, 1));
        await transaction.updateTable("counters").set({ value: read + 1 }).execute();
      })));
    assert.equal(await value(db), 20);

    const seen: (number | undefined)[] = [];
    await Promise.all([
      db.transaction().execute(async (transaction) => {
        await transaction.updateTable("counters").set({ value: 99 }).execute();
        await new Promise((resolve) => setTimeout(resolve, 5));
        await transaction.updateTable("counters").set({ value: 100 }).execute();
      }),
      value(db).then((v) => seen.push(v)),
    ]);
    assert.deepEqual(seen, [100]);
    await db.destroy();
  }));

Deno.test("a transaction that throws changes nothing, and the next one works", () =>
  withFile(async (path) => {
    const db = await openDatabase(path, [COUNTERS]);
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.updateTable("counters").set({ value: 7 }).execute();
      throw new Error("half-way");
    });
    await assert.rejects(failing, /half-way/);
    assert.equal(await value(db), 0);
    await db.transaction().execute((transaction) => transaction.updateTable("counters").set({ value: 8 }).execute());
    assert.equal(await value(db), 8);
    await db.destroy();
  }));

Deno.test("a transaction holds the write lock from its beginning", () =>
  withFile(async (path) => {
    const db = await openDatabase(path, [COUNTERS]);
    const other = new DatabaseSync(path, { timeout: 0 });
    await db.transaction().execute(async (transaction) => {
      await value(transaction);
      assert.throws(() => other.exec("UPDATE counters SET value = 1"), /locked/);
    });
    other.exec("UPDATE counters SET value = 1");
    other.close();
    assert.equal(await value(db), 1);
    await db.destroy();
  }));

Deno.test("a transaction that does not wait for the disk is one all the same, and those after it wait", () =>
  withFile(async (path) => {
    for (const [sync, usual] of [[true, 2], [false, 1]] as const) {
      const db = await openDatabase<Tables>(path, [COUNTERS], sync);
      const synchronous = async (of: Kysely<Tables>) =>
        (await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(of)).rows[0]?.synchronous;
      const set = (to: number) => (transaction: Kysely<Tables>) =>
        transaction.updateTable("counters").set({ value: to }).execute();
      assert.equal(
        await unsyncedTransaction(db, async (transaction) => {
          await set(1)(transaction);
          return await synchronous(transaction);
        }),
        1,
      );
      assert.deepEqual([await value(db), await synchronous(db)], [1, usual]);
      const failing = unsyncedTransaction(db, async (transaction) => {
        await set(2)(transaction);
        throw new Error("no");
      });
      await assert.rejects(failing, /^Error: no$/);
      assert.deepEqual([await value(db), await synchronous(db)], [1, usual]);
      await db.destroy();
    }
  }));

Deno.test("foreign keys hold", () =>
  withFile(async (path) => {
    const db = await openDatabase(path, [COUNTERS, NOTES]);
    await assert.rejects(db.insertInto("notes").values({ counter: "b", text: "" }).execute(), /FOREIGN KEY/);
    await db.destroy();
  }));

Deno.test("an older database gets the migrations that it lacks, once, and keeps its rows", () =>
  withFile(async (path) => {
    const old = await openDatabase(path, [COUNTERS]);
    await old.updateTable("counters").set({ value: 5 }).execute();
    await old.destroy();
    for (let i = 0; i < 2; i++) {
      const db = await openDatabase(path, [COUNTERS, NOTES]);
      await db.insertInto("notes").values({ counter: "a", text: "here" }).execute();
      assert.equal(await value(db), 5);
      await db.destroy();
    }
  }));

Deno.test("a migration that fails leaves the version before it", () =>
  withFile(async (path) => {
    const broken: Migration = async (db) => {
      await NOTES(db);
      await sql`CREATE TABLE nonsense (`.execute(db);
    };
    await assert.rejects(openDatabase(path, [COUNTERS, broken]));
    const db = await openDatabase(path, [COUNTERS, NOTES]);
    assert.equal(await value(db), 0);
    await db.destroy();
  }));

Deno.test("a database of a later version is refused", () =>
  withFile(async (path) => {
    await (await openDatabase(path, [COUNTERS, NOTES])).destroy();
    await assert.rejects(openDatabase(path, [COUNTERS]), LaterSchemaError);
  }));

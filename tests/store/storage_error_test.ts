/** Faults below the store come out as what they are, and the first of them is the one that is told. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import { createStorage } from "unstorage";
import { assetKey, StorageAssetStore } from "../../assets/asset_store.ts";
import { atomicFsDriver } from "../../assets/atomic_fs_driver.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { StorageError, type StorageFault } from "../../assets/storage_error.ts";
import { databaseError } from "../../store/sqlite/database_error.ts";

interface Tables {
  readonly blobs: { readonly id: number; readonly bytes: Uint8Array };
}

const BLOBS = async (db: Kysely<Tables>) => {
  await sql`CREATE TABLE blobs (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT`.execute(db);
};

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-faults-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function insert(db: Kysely<Tables>, size: number): Promise<unknown> {
  return db.insertInto("blobs").values({ id: Math.floor(Math.random() * 2 ** 40), bytes: new Uint8Array(size) })
    .execute();
}

function isFault(code: StorageFault, cause: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StorageError, String(error));
    assert.equal(error.code, code);
    assert.match(String(error.cause), cause);
    return true;
  };
}

Deno.test("a transaction on a full disk fails with that, changes nothing, and the next one works", () =>
  inFolder(async (folder) => {
    const db = await openDatabase(join(folder, "test.sqlite"), [BLOBS]);
    const { rows: [page] } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(db);
    await sql`PRAGMA max_page_count = ${sql.lit((page?.page_count ?? 0) + 4)}`.execute(db);
    const filling = db.transaction().execute(async (transaction) => {
      await insert(transaction, 100);
      await insert(transaction, 100_000);
    });
    await assert.rejects(filling, isFault("STORAGE_FULL", /database or disk is full/));
    await assert.rejects(insert(db, 100_000), isFault("STORAGE_FULL", /database or disk is full/));
    assert.deepEqual(await db.selectFrom("blobs").select("id").execute(), []);
    await db.transaction().execute((transaction) => insert(transaction, 100));
    await sql`PRAGMA max_page_count = 1000000`.execute(db);
    await db.transaction().execute((transaction) => insert(transaction, 100_000));
    assert.equal((await db.selectFrom("blobs").select("id").execute()).length, 2);
    await db.destroy();
  }));

Deno.test("a transaction that failed and was rolled back by somebody else fails with what failed first", () =>
  inFolder(async (folder) => {
    const db = await openDatabase(join(folder, "test.sqlite"), [BLOBS]);
    const failing = db.transaction().execute(async (transaction) => {
      await sql`ROLLBACK`.execute(transaction); // as SQLite does itself on some faults
      throw new Error("what failed first");
    });
    await assert.rejects(failing, /what failed first/);
    await db.transaction().execute((transaction) => insert(transaction, 1));
    await db.destroy();
  }));

Deno.test("a database that another program writes to is waited for without holding up this thread, then told", () =>
  inFolder(async (folder) => {
    const path = join(folder, "test.sqlite");
    const db = await openDatabase(path, [BLOBS]);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    try {
      const writing = db.transaction().execute((transaction) => insert(transaction, 1));
      await assert.rejects(writing, isFault("STORAGE_BUSY", /database is locked/));
      assert.ok(ticks >= 20, `${ticks} ticks in 5 s`);
      setTimeout(() => other.exec("COMMIT"), 300);
      await db.transaction().execute((transaction) => insert(transaction, 1));
    } finally {
      clearInterval(ticking);
      other.close();
      await db.destroy();
    }
  }));

Deno.test("a file that is no database, and a path where there can be none, are told as that", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "text"), "this is not a database, and long enough to be sure of it".repeat(100));
    await assert.rejects(openDatabase(join(folder, "text"), [BLOBS]), isFault("STORAGE_DAMAGED", /not a database/));
    const nowhere = join(folder, "missing", "test.sqlite");
    await assert.rejects(openDatabase(nowhere, [BLOBS]), isFault("STORAGE_FAILED", /unable to open/));
  }));

Deno.test("a picture whose writing fails half-way leaves nothing behind, and fails with what failed first", () =>
  inFolder(async (folder) => {
    const bytes = new Uint8Array([1, 2, 3]);
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const driver = await atomicFsDriver(folder);
    let faults = 1;
    const storage = createStorage({
      driver: {
        ...driver,
        setItemRaw: (...args) => faults-- > 0 ? Promise.reject(full) : driver.setItemRaw?.(...args),
      },
    });
    const assets = new StorageAssetStore(storage);
    await assert.rejects(assets.put(bytes, { contentType: "image/png" }), isFault("STORAGE_FULL", /no space left/));
    assert.equal(await assets.get(assetKey(bytes)), null);
    const { key } = await assets.put(bytes, { contentType: "image/png" });
    assert.deepEqual((await assets.get(key))?.bytes, bytes);
  }));

Deno.test("a picture that cannot be read is told as a fault, and not as one that is missing", () =>
  inFolder(async (folder) => {
    const driver = await atomicFsDriver(folder);
    // The driver resolves with what the file system says, unless that is "not found".
    const broken = { ...driver, getItemRaw: () => Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" }) };
    const assets = new StorageAssetStore(createStorage({ driver: broken }));
    const { key } = await assets.put(new Uint8Array([1]), { contentType: "image/png" });
    await assert.rejects(assets.get(key), isFault("STORAGE_FAILED", /EIO/));
  }));

Deno.test("the faults of file systems and of SQLite have their codes; other errors stay as they are", () => {
  const system = (code: string) => Object.assign(new Error(code), { code });
  const sqlite = (message: string) => Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR" });
  const cases: readonly [Error, StorageFault | null][] = [
    [system("ENOSPC"), "STORAGE_FULL"],
    [system("EDQUOT"), "STORAGE_FULL"],
    [system("EROFS"), "STORAGE_READ_ONLY"],
    [system("EACCES"), "STORAGE_READ_ONLY"],
    [system("EIO"), "STORAGE_FAILED"],
    [system("EMFILE"), "STORAGE_FAILED"],
    [system("ENOENT"), null],
    [sqlite("attempt to write a readonly database"), "STORAGE_READ_ONLY"],
    [sqlite("database table is locked: generations"), "STORAGE_BUSY"],
    [sqlite("disk I/O error"), "STORAGE_FAILED"],
    [sqlite("database disk image is malformed"), "STORAGE_DAMAGED"],
    [sqlite("UNIQUE constraint failed: generations.id"), null],
    [new Error("database or disk is full"), null],
  ];
  for (const [error, code] of cases) {
    const found = databaseError(error);
    if (code === null) assert.equal(found, error);
    else assert.equal(found instanceof StorageError && found.code, code, error.message);
  }
});

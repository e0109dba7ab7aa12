/** Assets are whole or absent, under the hash of their bytes. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { createStorage } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { type AssetStore, InvalidAssetKeyError, StorageAssetStore } from "../../assets/asset_store.ts";
import { atomicFsDriver } from "../../assets/atomic_fs_driver.ts";

const BYTES = new TextEncoder().encode("abc");
/** FIPS 180-2, appendix B.1. */
const KEY = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-assets-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onDisk(folder: string): Promise<AssetStore> {
  return new StorageAssetStore(createStorage({ driver: await atomicFsDriver(folder) }));
}

/** Runs the body and returns the errors it logged. */
async function loggedErrors(body: () => Promise<void>): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  configureSync({
    sinks: { memory: (record) => void records.push(record) },
    loggers: [{ category: ["parterre"], sinks: ["memory"] }, { category: ["logtape", "meta"], sinks: [] }],
  });
  try {
    await body();
  } finally {
    resetSync();
  }
  return records.filter((r) => r.level === "error");
}

/** Registers what every storage does. */
function assetConformance(
  name: string,
  withStore: (body: (store: AssetStore) => Promise<void>) => Promise<void>,
): void {
  const test = (claim: string, body: (store: AssetStore) => Promise<void>) =>
    Deno.test(`${name} assets: ${claim}`, () => withStore(body));

  test("what is put is got, under the SHA-256 of its bytes", async (store) => {
    assert.deepEqual(await store.put(BYTES, { contentType: "image/png" }), { key: KEY, bytes: 3 });
    assert.deepEqual(await store.get(KEY), { bytes: BYTES, contentType: "image/png" });
    assert.equal(await store.has(KEY), true);
  });

  test("what was never put is absent", async (store) => {
    assert.equal(await store.get(KEY), null);
    assert.equal(await store.has(KEY), false);
    await store.remove(KEY);
  });

  test("putting the same bytes again keeps one asset and sets its content type", async (store) => {
    await store.put(BYTES, { contentType: "image/png" });
    await store.put(BYTES, { contentType: "text/plain" });
    assert.equal((await store.get(KEY))?.contentType, "text/plain");
  });

  test("concurrent puts of the same bytes", async (store) => {
    const large = new Uint8Array(1 << 20).fill(9);
    const put = await Promise.all(Array.from({ length: 8 }, () => store.put(large, { contentType: "image/png" })));
    assert.deepEqual((await store.get(put[0]?.key ?? ""))?.bytes, large);
  });

  test("the empty file and bytes of every value", async (store) => {
    for (const bytes of [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, i) => i)]) {
      const { key } = await store.put(bytes, { contentType: "application/octet-stream" });
      assert.deepEqual((await store.get(key))?.bytes, bytes);
    }
  });

  test("what is removed is absent", async (store) => {
    await store.put(BYTES, { contentType: "image/png" });
    await store.remove(KEY);
    assert.equal(await store.get(KEY), null);
    assert.equal(await store.has(KEY), false);
  });

  test("keys that are not 64 lower-case hex digits are refused", async (store) => {
    for (const key of ["", "../../etc/passwd", KEY.toUpperCase(), `${KEY}\n`, KEY.slice(1), `${KEY}$`, `..:${KEY}`]) {
      await assert.rejects(store.get(key), InvalidAssetKeyError, key);
      await assert.rejects(store.has(key), InvalidAssetKeyError, key);
      await assert.rejects(store.remove(key), InvalidAssetKeyError, key);
    }
  });
}

assetConformance("memory", (body) => body(new StorageAssetStore(createStorage({ driver: memoryDriver() }))));
assetConformance("file", (body) => inFolder(async (folder) => body(await onDisk(folder))));

Deno.test("an asset outlives its store, as a plain file", () =>
  inFolder(async (folder) => {
    await (await onDisk(folder)).put(BYTES, { contentType: "image/png" });
    assert.deepEqual(new Uint8Array(await readFile(join(folder, KEY))), BYTES);
    assert.deepEqual((await (await onDisk(folder)).get(KEY))?.bytes, BYTES);
  }));

Deno.test("a truncated or altered asset is absent, and an error is logged", () =>
  inFolder(async (folder) => {
    const store = await onDisk(folder);
    for (const damaged of ["ab", "abd", ""]) {
      await store.put(BYTES, { contentType: "image/png" });
      await writeFile(join(folder, KEY), damaged);
      const errors = await loggedErrors(async () => assert.equal(await store.get(KEY), null));
      assert.equal(errors.length, 1);
      assert.equal(errors[0]?.properties.key, KEY);
    }
    await store.put(BYTES, { contentType: "image/png" });
    assert.deepEqual((await store.get(KEY))?.bytes, BYTES);
  }));

Deno.test("a write that a crash left unfinished is invisible, and gone after the next start", () =>
  inFolder(async (folder) => {
    await onDisk(folder);
    await writeFile(join(folder, ".unfinished", "half"), "a");
    const store = await onDisk(folder);
    assert.equal(await store.has(KEY), false);
    assert.deepEqual(await readdir(join(folder, ".unfinished")), []);
  }));

Deno.test("a failed write rejects and leaves nothing behind", () =>
  inFolder(async (folder) => {
    const store = await onDisk(folder);
    // A folder in the file's place cannot be replaced by a rename.
    await mkdir(join(folder, KEY));
    await writeFile(join(folder, KEY, "occupied"), "");
    await assert.rejects(store.put(BYTES, { contentType: "image/png" }));
    assert.deepEqual(await readdir(join(folder, ".unfinished")), []);
  }));

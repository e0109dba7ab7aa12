/** Assets are whole or absent, under the hash of their bytes. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { createStorage } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { type AssetStore, StorageAssetStore } from "../../assets/asset_store.ts";
import { atomicFsDriver } from "../../assets/atomic_fs_driver.ts";
import { assetConformance, BYTES, KEY } from "./asset_conformance.ts";

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

/** Opening and closing the store. */

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFolderInUseError } from "../../store/folder_lock.ts";
import { openStore } from "../../store/open.ts";
import { countOf } from "../jobs/backend.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-store-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("the store makes its folders and keeps everything in them", () =>
  inFolder(async (folder) => {
    const data = join(folder, "deep", "data");
    const store = await openStore(data);
    await store.assets.put(new Uint8Array([1]), { contentType: "image/png" });
    await store.close();
    assert.deepEqual((await readdir(data)).sort(), ["assets", "lock", "parterre.sqlite"]);
  }));

Deno.test("a folder is open once at a time", () =>
  inFolder(async (folder) => {
    const store = await openStore(folder);
    await assert.rejects(openStore(folder), DataFolderInUseError);
    await store.close();
    await store.close();
    await (await openStore(folder)).close();
  }));

Deno.test("a failed opening does not keep the folder locked", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "parterre.sqlite"), "this is not a database, and long enough to be sure of it");
    await assert.rejects(openStore(folder));
    await rm(join(folder, "parterre.sqlite"));
    await (await openStore(folder)).close();
  }));

Deno.test("a worker that waits for work is let go when the store closes", () =>
  inFolder(async (folder) => {
    const store = await openStore(folder, { pollMs: 600_000 });
    const waiting = store.work.waitForWork(new AbortController().signal);
    await countOf(store.generations);
    await store.close();
    await waiting;
  }));

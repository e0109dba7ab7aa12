/** What every backend does with uploads, and with files that are about to be used. */

import assert from "node:assert/strict";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";
import type { Backend, OpenBackend } from "../jobs/backend.ts";
import { PICTURE, requestFor } from "../jobs/requests.ts";

/** Registers the suite for one backend. */
export function filesConformance(name: string, open: OpenBackend): void {
  const test = (claim: string, body: (backend: Backend) => Promise<void>) =>
    Deno.test(`${name} files: ${claim}`, async () => {
      await using backend = await open();
      await body(backend);
    });

  const put = async ({ store: { assets } }: Backend, byte: number): Promise<string> =>
    (await assets.put(Uint8Array.of(byte), { contentType: "image/png" })).key;

  test("an upload is known from the second time on, to each owner for itself", async (backend) => {
    const { uploads } = backend.store;
    const asset = await put(backend, 1);
    assert.deepEqual(await uploads.note(asset, 1, "ann"), { known: false });
    assert.deepEqual(await uploads.note(asset, 1, "ann"), { known: true });
    assert.deepEqual(await uploads.note(asset, 1, null), { known: false });
    assert.equal(await uploads.isOf(asset, "ann"), true);
    assert.equal(await uploads.isOf(asset, "ben"), false);
    await uploads.forget(asset, "ann");
    assert.equal(await uploads.isOf(asset, "ann"), false);
    assert.deepEqual(await uploads.note(asset, 1, "ann"), { known: false });
  });

  test("of many who note the same upload at once one is the first", async (backend) => {
    const asset = await put(backend, 1);
    const notes = await Promise.all(Array.from({ length: 20 }, () => backend.store.uploads.note(asset, 1, "ann")));
    assert.equal(notes.filter(({ known }) => !known).length, 1);
  });

  test("a picture is its generation's owner's", async (backend) => {
    const { queue, work, store: { uploads } } = backend;
    const asset = await put(backend, 1);
    const { generation: { id } } = await queue.enqueue(requestFor("a"), { owner: "ann" });
    const { token = 0 } = await work.claim("worker", 1000) ?? {};
    await work.complete(id, token, { image: { ...PICTURE, assetKey: asset }, metrics: null });
    assert.deepEqual([await uploads.isOf(asset, "ann"), await uploads.isOf(asset, "ben")], [true, false]);
  });

  test("a file that is uploaded or used stays, another goes", async (backend) => {
    const { files, uploads, layouts, assets } = backend.store;
    const [uploaded, used, unused] = [await put(backend, 1), await put(backend, 2), await put(backend, 3)];
    await uploads.note(uploaded, 1, null);
    const geometry = { kind: "MASK", asset: used } as const;
    const layout = { ...PLAIN_LAYOUT, regions: [{ geometry }] };
    await layouts.save("masked", layout as unknown as typeof PLAIN_LAYOUT);
    for (const asset of [uploaded, used, unused]) await files.removeUnused(asset);
    const there = await Promise.all([uploaded, used, unused].map((asset) => assets.has(asset)));
    assert.deepEqual(there, [true, true, false]);
  });

  test("no file goes away while somebody is about to use it", async (backend) => {
    const { files, uploads, assets } = backend.store;
    const asset = await put(backend, 1);
    const began = Promise.withResolvers<void>();
    const using = files.holding(async () => {
      began.resolve();
      assert.equal(await files.has(asset), true);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await uploads.note(asset, 1, null);
    });
    await began.promise;
    await Promise.all([files.removeUnused(asset), using]);
    assert.equal(await assets.has(asset), true);
  });

  test("bytes are those of every picture and upload, each file once", async (backend) => {
    const { queue, work, store: { files, uploads } } = backend;
    assert.equal(await files.bytes(), 0);
    const picture = (key: string, bytes: number) => ({ ...PICTURE, assetKey: key.repeat(64), bytes });
    for (const moreImages of [[picture("b", 200), picture("c", 2 ** 33)], []]) {
      const { generation: { id } } = await queue.enqueue(requestFor("a"));
      const { token = 0 } = await work.claim("worker", 1000) ?? {};
      await work.complete(id, token, { image: picture("a", 100), moreImages, metrics: null });
    }
    await uploads.note("b".repeat(64), 200, "ann");
    await uploads.note("d".repeat(64), 7, "ann");
    await uploads.note("d".repeat(64), 7, "ben");
    assert.equal(await files.bytes(), 100 + 200 + 2 ** 33 + 7);
  });
}

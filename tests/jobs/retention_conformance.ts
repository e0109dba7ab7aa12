/** What every backend does with what is kept no longer: it goes, and nothing else. */

import assert from "node:assert/strict";
import { Retention, type RetentionPolicy } from "../../jobs/retention.ts";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";
import { resolveOrThrow } from "../layout/random_layout.ts";
import { PICTURE, requestFor } from "./requests.ts";
import { countOf, type OpenBackend } from "./backend.ts";

const DAY = 86_400_000;

/** Registers the suite for one backend. */
export function retentionConformance(name: string, openBackend: OpenBackend): void {
  const test = (claim: string, body: () => Promise<void>) => Deno.test(`${name} retention: ${claim}`, body);

  const open = async (policy: RetentionPolicy) => {
    const backend = await openBackend({ sync: false });
    const { store, clock } = backend;
    const retention = new Retention(store.generations, store.files, policy, () => clock.now);
    const put = async (byte: number, size = 1) =>
      (await store.assets.put(new Uint8Array(size).fill(byte), { contentType: "image/png" })).key;
    return {
      ...store,
      clock,
      retention,
      sweep: () => retention.sweep(new AbortController().signal),
      /** A finished picture, whose file has `size` bytes, painted with a mask or without. */
      paint: async (byte: number, { size = 1, mask }: { size?: number; mask?: string } = {}) => {
        const layout = mask === undefined
          ? PLAIN_LAYOUT
          : resolveOrThrow({ regions: [{ prompt: "a", geometry: { mask: { asset: mask } } }] });
        const { generation: { id } } = await store.queue.enqueue({ ...requestFor(`${byte}`), layout });
        const claim = await store.work.claim("worker", 60_000);
        const key = await put(byte, size);
        const image = { ...PICTURE, assetKey: key, sha256: key, bytes: size };
        await store.work.complete(id, claim?.token ?? 0, { image, metrics: null });
        return { id, key };
      },
      upload: async (byte: number) => {
        const key = await put(byte);
        await store.uploads.note(key, 1, null);
        return key;
      },
      [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
    };
  };

  test("generations go with their pictures some time after their end; what waits stays", async () => {
    await using test = await open({ maxAgeMs: 30 * DAY });
    const old = await test.paint(1);
    const waiting = (await test.queue.enqueue(requestFor("waits"))).generation.id;
    test.clock.now += 20 * DAY;
    await test.queue.requestCancel((await test.queue.enqueue(requestFor("x"))).generation.id);
    test.clock.now += 10 * DAY;
    await test.sweep();
    assert.notEqual(await test.generations.get(old.id), null, "not before its time");
    test.clock.now += 1;
    await test.sweep();
    assert.equal(await test.generations.get(old.id), null);
    assert.equal(await test.assets.has(old.key), false);
    assert.equal((await test.generations.get(waiting))?.status, "QUEUED");
    assert.equal(await countOf(test.generations), 2);
  });

  test("all pictures of a generation count, and go with it, and so does what it started from", async () => {
    await using test = await open({});
    const [first, second, start] = [
      await test.assets.put(new Uint8Array(10), { contentType: "image/png" }),
      await test
        .assets.put(new Uint8Array(20), { contentType: "image/png" }),
      await test.upload(9),
    ];
    const request = { ...requestFor("several"), count: 2, init: { image: start, strength: 1, mask: null } };
    const { generation: { id } } = await test.queue.enqueue(request);
    const claim = await test.work.claim("worker", 60_000);
    const of = ({ key, bytes }: { key: string; bytes: number }) => ({ ...PICTURE, assetKey: key, sha256: key, bytes });
    await test.work.complete(id, claim?.token ?? 0, { image: of(first), moreImages: [of(second)], metrics: null });
    assert.equal(await test.files.bytes(), 31);
    await test.uploads.forget(start, null);
    await test.files.removeUnused(start);
    const there = () => Promise.all([first.key, second.key, start].map((key) => test.assets.has(key)));
    assert.deepEqual(await there(), [true, true, true]);
    assert.equal(await test.retention.deleteGeneration(id), "DELETED");
    assert.deepEqual(await there(), [false, false, false]);
  });

  test("a picture stays while another generation has the same, or a mask uses it", async () => {
    await using test = await open({});
    const first = await test.paint(1);
    const twin = await test.paint(1);
    const user = await test.paint(2, { mask: first.key });
    assert.equal(first.key, twin.key);
    for (const [id, there] of [[first.id, true], [twin.id, true], [user.id, false]] as const) {
      assert.equal(await test.retention.deleteGeneration(id), "DELETED");
      assert.equal(await test.assets.has(first.key), there);
    }
  });

  test("uploads go when nothing has used them for a while", async () => {
    await using test = await open({ maxAgeMs: DAY });
    const [unused, used, saved] = [await test.upload(1), await test.upload(2), await test.upload(3)] as const;
    const { id } = await test.paint(9, { mask: used });
    await test.layouts.save(
      "kept",
      resolveOrThrow({ regions: [{ prompt: "a", geometry: { mask: { asset: saved } } }] }),
    );
    test.clock.now += DAY;
    const again = await test.upload(4);
    test.clock.now += 1;
    await test.sweep();
    assert.equal(await test.generations.get(id), null, "the generation that used one is as old");
    const there = await Promise.all([unused, used, saved, again].map((key) => test.assets.has(key)));
    assert.deepEqual(there, [false, false, true, true]);
  });

  test("beyond so many bytes those that ended first go", async () => {
    await using test = await open({ maxBytes: 250 });
    const ids = [];
    for (let i = 0; i < 4; i++) {
      ids.push((await test.paint(i, { size: 100 })).id);
      test.clock.now += 1000;
    }
    assert.equal(await test.files.bytes(), 400);
    await test.sweep();
    assert.equal(await test.files.bytes(), 200);
    assert.deepEqual((await test.generations.list({ first: 9 })).items.map(({ id }) => id), [ids[3], ids[2]]);
  });

  test("without a policy everything is kept", async () => {
    await using test = await open({});
    const { id } = await test.paint(1);
    const upload = await test.upload(2);
    test.clock.now += 1000 * DAY;
    await test.sweep();
    assert.notEqual(await test.generations.get(id), null);
    assert.ok(await test.assets.has(upload));
  });

  test("a mask that was found belongs to its generation's owner, and goes with it unless a layout uses it", async () => {
    await using test = await open({});
    const paint = async (name: string, byte: number) => {
      const asset = (await test.assets.put(Uint8Array.of(byte, byte), { contentType: "image/png" })).key;
      const { generation: { id } } = await test.queue.enqueue(requestFor(name), { owner: "amy", lane: "amy" });
      const { token = 0 } = await test.work.claim("worker", 60_000) ?? {};
      const image = { ...PICTURE, assetKey: asset, sha256: asset };
      await test.work.noteRegionMasks(id, token, [{ region: "pet", words: "cat", image }]);
      await test.work.fail(id, token, { code: "INTERNAL", message: "no more of it" });
      return { id, asset };
    };
    const one = await paint("one", 8), two = await paint("two", 9);
    assert.equal(await test.uploads.isOf(one.asset, "amy"), true);
    assert.equal(await test.uploads.isOf(one.asset, "bob"), false);
    await test.paint(1, { mask: two.asset });
    for (const { id } of [one, two]) assert.equal(await test.retention.deleteGeneration(id), "DELETED");
    assert.equal(await test.assets.has(one.asset), false);
    assert.equal(await test.assets.has(two.asset), true);
  });
}

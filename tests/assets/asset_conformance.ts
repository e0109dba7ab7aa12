/** What every storage of assets does. */

import assert from "node:assert/strict";
import { type AssetStore, InvalidAssetKeyError } from "../../assets/asset_store.ts";

export const BYTES = new TextEncoder().encode("abc");
/** FIPS 180-2, appendix B.1. */
export const KEY = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/** Registers what every storage does. */
export function assetConformance(
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

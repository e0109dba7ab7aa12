/** The library of masks on a real store and a real decoder. */

import assert from "node:assert/strict";
import { createStorage } from "unstorage";
import { InvalidInputErrors } from "../../errors.ts";
import { ImageDecoder } from "../../image/decoder.ts";
import { encodeImage } from "../../image/encode.ts";
import { MaskLibrary } from "../../requests/mask_library.ts";
import type { Geometry, Region } from "../../layout/layout.ts";
import { StorageAssetStore } from "../../assets/asset_store.ts";
import { draw, invalid } from "../image/pictures.ts";

/** A library that counts what it reads and decodes. */
function openLibrary({ maxPixels = 1000, cacheBytes = 2 ** 20 } = {}) {
  const storage = createStorage();
  const assets = new StorageAssetStore(storage);
  const decoder = new ImageDecoder({ maxPixels });
  const counts = { decoded: 0 };
  const counted = {
    limits: decoder.limits,
    decode: (file: Uint8Array) => {
      counts.decoded++;
      return decoder.decode(file);
    },
  };
  return {
    assets,
    storage,
    counts,
    library: new MaskLibrary(assets, counted, cacheBytes),
    [Symbol.dispose]: () => decoder.close(),
  };
}

const flat = (shade: number, edge = 10) => encodeImage(draw(edge, edge, 3, () => [shade, 0, 0]), "PNG");
const mask = (asset: string): Geometry => ({ kind: "MASK", asset, channel: "ALPHA", colour: null, inverted: false });
const layout = (...geometries: readonly Geometry[]) => ({
  regions: geometries.map((geometry) => ({ geometry }) as Region),
});

Deno.test("the same bytes are the same asset, stored once", async () => {
  using test = openLibrary();
  const file = await flat(7);
  const first = await test.library.add(file);
  const again = await test.library.add(file.slice());
  assert.deepEqual([first.alreadyStored, again.alreadyStored], [false, true]);
  assert.equal(again.mask.asset, first.mask.asset);
  assert.deepEqual((await test.assets.get(first.mask.asset))?.contentType, "image/png");
  assert.equal((await test.storage.getKeys()).length, 1);
  assert.notEqual((await test.library.add(await flat(8))).mask.asset, first.mask.asset);
});

Deno.test("a file that does not decode is not stored", async () => {
  using test = openLibrary();
  await assert.rejects(test.library.add(new Uint8Array(50)), invalid("INVALID_VALUE", "image"));
  assert.deepEqual(await test.storage.getKeys(), []);
});

Deno.test("sending a file again repairs a damaged copy", async () => {
  using test = openLibrary();
  const file = await flat(7);
  const { mask: { asset } } = await test.library.add(file);
  await test.storage.setItemRaw(asset, file.slice(5));
  assert.equal((await test.library.add(file)).alreadyStored, false);
  assert.notEqual(await test.assets.get(asset), null);
});

Deno.test("what was used lately is not decoded again; what was used longest ago makes room", async () => {
  using test = openLibrary({ cacheBytes: 2 * 10 * 10 * 4 });
  const [a, b, c] = await Promise.all([1, 2, 3].map(flatAsset));
  async function flatAsset(shade: number) {
    return (await test.library.add(await flat(shade))).mask.asset;
  }
  const decodes = async (asset = "") => {
    const before = test.counts.decoded;
    await test.library.find(asset);
    return test.counts.decoded - before;
  };
  assert.equal(test.counts.decoded, 3);
  assert.deepEqual([await decodes(c), await decodes(b)], [0, 0]);
  assert.equal(await decodes(a), 1); // c makes room
  assert.deepEqual([await decodes(b), await decodes(a), await decodes(c)], [0, 0, 1]);
});

Deno.test("a layout's images come by their hash; each that is missing or cannot be one is named by its place", async () => {
  using test = openLibrary();
  const { mask: { asset } } = await test.library.add(await flat(9));
  const images = await test.library.imagesOf(layout(mask(asset), { kind: "REST" }, mask(asset)), ["layout"]);
  assert.deepEqual([...images.keys()], [asset]);
  const image = images.get(asset);
  assert.deepEqual([image?.width, image?.height, image?.data[0]], [10, 10, 9]);

  const missing = "0".repeat(64);
  const { key: text } = await test.assets.put(new TextEncoder().encode("no image"), { contentType: "text/plain" });
  const { key: large } = await test.assets.put(await flat(1, 32), { contentType: "image/png" });
  const named = layout(mask(asset), mask(missing), { kind: "UNION", of: [mask(text) as never, mask(large) as never] });
  await assert.rejects(test.library.imagesOf(named, ["input", "layout"]), (error) => {
    assert.ok(error instanceof InvalidInputErrors);
    assert.deepEqual(error.problems.map(({ code, message }) => `${code} ${message}`), [
      `INVALID_GEOMETRY input.layout.regions[1].geometry.mask.asset: must be the id or URL of an uploaded mask, got "${missing}"`,
      `INVALID_GEOMETRY input.layout.regions[2].geometry.union[0].mask.asset: must be an image that can be a mask, which must be a PNG, JPEG or WebP file, got "${text}"`,
      `INVALID_GEOMETRY input.layout.regions[2].geometry.union[1].mask.asset: must be an image that can be a mask, which must have at most 1000 pixels, got "${large}"`,
    ]);
    return true;
  });
});

Deno.test("a layout's different masks together are worth four of the largest images", async () => {
  using test = openLibrary({ maxPixels: 100 });
  const assets: string[] = [];
  for (const shade of [1, 2, 3, 4, 5]) assets.push((await test.library.add(await flat(shade))).mask.asset);
  const four = assets.slice(0, 4).map(mask);
  assert.equal((await test.library.imagesOf(layout(...four, ...four), ["layout"])).size, 4);
  await assert.rejects(test.library.imagesOf(layout(...assets.map(mask)), ["layout"]), (error) => {
    assert.ok(error instanceof InvalidInputErrors);
    assert.match(error.message, /^layout\.regions\[4\].*: must leave the layout's masks at most 400 pixels together/);
    return true;
  });
});

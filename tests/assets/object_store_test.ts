/** Assets in a bucket of a real server: as elsewhere, and with a typed fault where it is away or refuses. */

import assert from "node:assert/strict";
import { openObjectStore } from "../../assets/object_store.ts";
import { StorageError, type StorageFault } from "../../assets/storage_error.ts";
import { startS3 } from "../../tools/cluster/engines/s3.ts";
import { assetConformance, BYTES, KEY } from "./asset_conformance.ts";

const s3 = await startS3();

const isFault = (code: StorageFault, retryable: boolean) => (error: unknown) =>
  error instanceof StorageError && error.code === code && (error.retryAfterMs !== null) === retryable;

assetConformance("s3", async (body) => body((await openObjectStore(s3.createPlace())).assets));

Deno.test("an asset is seen by every process that uses the bucket, and by none that uses another place in it", async () => {
  const place = s3.createPlace();
  const [one, other, elsewhere] = [
    await openObjectStore(place),
    await openObjectStore(place),
    await openObjectStore(s3.createPlace()),
  ];
  await one.assets.put(BYTES, { contentType: "image/png" });
  assert.deepEqual(await other.assets.get(KEY), { bytes: BYTES, contentType: "image/png" });
  assert.equal(await elsewhere.assets.has(KEY), false);
});

Deno.test("a bucket that does not exist, and a key that is not known, are refused at the start", async () => {
  const place = s3.createPlace();
  await assert.rejects(
    openObjectStore({ ...place, bucket: "nowhere" }),
    /^Error: PUT parterre-trial: 404 .*NoSuchBucket/s,
  );
  await assert.rejects(openObjectStore({ ...place, accessKeyId: "NOBODY" }), /^Error: PUT parterre-trial: 403 /);
});

Deno.test("while the server is away everything fails with a typed fault, and works when it is back", async () => {
  const { assets, checkAssets } = await openObjectStore(s3.createPlace());
  await assets.put(BYTES, { contentType: "image/png" });
  await s3.stop();
  const calls = [
    () => assets.put(BYTES, { contentType: "image/png" }),
    () => assets.get(KEY),
    () => assets.has(KEY),
    () => assets.remove(KEY),
    checkAssets,
  ];
  for (const call of calls) await assert.rejects(call(), isFault("STORAGE_UNREACHABLE", true), String(call));
  await s3.start();
  assert.deepEqual((await assets.get(KEY))?.bytes, BYTES);
  await checkAssets();
});

Deno.test("an answer that is not the store's is no object that was kept, and is told in few words", async () => {
  const page = new Response("<html>".repeat(1000), { headers: { "content-type": "text/html" } });
  let answer = (_method: string) => new Response(null, { headers: { etag: '"1"' } });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    ({ method }) => answer(method),
  );
  const place = { ...s3.createPlace(), endpoint: `http://127.0.0.1:${server.addr.port}` };
  const { assets } = await openObjectStore(place);
  answer = () => page.clone();
  const fault = await assets.put(BYTES, { contentType: "image/png" }).catch((error) => error);
  assert.ok(isFault("STORAGE_FAILED", true)(fault));
  assert.match(fault.cause.message, /^PUT \w+\$: 200 OK without an ETag: <html>/);
  assert.ok(fault.cause.message.length <= 500);
  await assert.rejects(openObjectStore(place), /PUT parterre-trial: 200 OK without an ETag/);
  assert.equal(await assets.get(KEY), null);
  answer = () => new Response("x".repeat(10_000), { status: 403 });
  const refusal = await assets.get(KEY).catch((error) => error);
  assert.ok(isFault("STORAGE_FAILED", true)(refusal) && refusal.cause.message.length <= 500);
  answer = (method) => new Response(null, method === "PUT" ? { headers: { etag: '"1"' } } : { status: 403 });
  await assert.rejects(openObjectStore(place), /^Error: The right to list the bucket \(s3:ListBucket\) is missing$/);
});

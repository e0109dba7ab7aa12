/** What every backend does with keys and with the server's own secrets. */

import assert from "node:assert/strict";
import type { KeySpec } from "../../access/keys.ts";
import type { Backend, OpenBackend } from "../jobs/backend.ts";

const SPEC: KeySpec = {
  name: "app \u00e4\ud83c\udf37",
  scopes: ["read", "generate"],
  limits: { maxActive: 3, maxWorkPerHour: 2 ** 40 },
  expiresAt: 1_800_000_000_000,
};

/** Registers the suite for one backend. */
export function keyStoreConformance(name: string, open: OpenBackend): void {
  const test = (claim: string, body: (backend: Backend) => Promise<void>) =>
    Deno.test(`${name} keys: ${claim}`, async () => {
      await using backend = await open();
      await body(backend);
    });

  test("a key is found by its secret and its id as it was made, also after a restart", async (backend) => {
    const { key, secret } = await backend.store.keys.create(SPEC);
    assert.deepEqual(key, { id: key.id, ...SPEC, createdAt: backend.clock.now, revokedAt: null });
    await backend.reopen();
    const { keys } = backend.store;
    assert.deepEqual(await keys.findBySecret(secret), key);
    assert.deepEqual(await keys.get(key.id), key);
    assert.equal(await keys.findBySecret(`${secret}x`), null);
    assert.equal(await keys.get("nobody"), null);
  });

  test("keys are listed in the order in which they were made", async ({ store: { keys }, clock }) => {
    const ids = [];
    for (let i = 0; i < 4; i++) {
      ids.push((await keys.create({ ...SPEC, name: `${i}`, expiresAt: null })).key.id);
      clock.now += i % 2;
    }
    assert.deepEqual((await keys.list()).map(({ id }) => id), ids);
  });

  test("a key is revoked once, and stays", async ({ store: { keys }, clock }) => {
    const { key, secret } = await keys.create(SPEC);
    clock.now += 5;
    const revoked = { ...key, revokedAt: clock.now };
    assert.deepEqual(await keys.revoke(key.id), revoked);
    clock.now += 5;
    assert.deepEqual(await keys.revoke(key.id), revoked);
    assert.deepEqual(await keys.findBySecret(secret), revoked);
    assert.equal(await keys.revoke("nobody"), null);
  });

  test("what URLs are signed with is made once", async (backend) => {
    const { urlSecret } = backend.store;
    assert.equal(urlSecret.length, 32);
    assert.ok(urlSecret instanceof Uint8Array && !(urlSecret instanceof Buffer));
    await backend.reopen();
    assert.deepEqual(backend.store.urlSecret, urlSecret);
  });
}

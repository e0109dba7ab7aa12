/** Who asks, told by keys, signed URLs and addresses. */

import assert from "node:assert/strict";
import { AuthenticationError, Authenticator } from "../../access/authenticator.ts";
import type { Caller } from "../../access/caller.ts";
import { UrlSigner } from "../../access/signed_urls.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { SqlKeyStore } from "../../store/sql/key_store.ts";
import { MIGRATIONS } from "../../store/sqlite/migrations/migrations.ts";

const ADMIN = "an-operators-key-of-more-than-32-characters";
const SPEC = { name: "app", scopes: ["read", "generate"], limits: { maxActive: 3 }, expiresAt: null } as const;

/** Keys in memory, with a clock that only moves when it is moved. */
async function open(mode: "open" | "keys" = "keys") {
  const clock = { now: 1_700_000_000_000 };
  const now = () => clock.now;
  const db = await openDatabase(":memory:", MIGRATIONS);
  const keys = new SqlKeyStore(db, { now });
  const signer = new UrlSigner(new Uint8Array(32), 3600, now);
  const limits = { maxActive: 9, requestsPerMinute: 60 };
  const authenticator = new Authenticator({ mode, keys, signer, adminSecret: ADMIN, limits, now });
  return { clock, keys, signer, authenticator, [Symbol.asyncDispose]: () => db.destroy() };
}

const shown = ({ lane, owner, scopes, limits }: Caller) => ({ lane, owner, scopes: [...scopes], limits });

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof AuthenticationError);
    return error.message;
  }
  throw new Error("Expected to be refused");
}

Deno.test("without keys, callers are told apart by their addresses and may do everything", async () => {
  await using test = await open("open");
  const caller = await test.authenticator.byHeader("Bearer whatever", "10.0.0.1");
  assert.deepEqual(shown(caller), {
    lane: "address:10.0.0.1",
    owner: null,
    scopes: ["read", "generate", "layouts", "admin"],
    limits: { maxActive: 9, requestsPerMinute: 60 },
  });
});

Deno.test("a key's caller has its scopes, and its own limits over the server's", async () => {
  await using test = await open();
  const { key, secret } = await test.keys.create(SPEC);
  assert.match(secret, /^parterre_[\w-]{43}$/);
  const caller = await test.authenticator.byHeader(`bearer ${secret}`, "10.0.0.1");
  assert.deepEqual(shown(caller), {
    lane: `key:${key.id}`,
    owner: key.id,
    scopes: ["read", "generate"],
    limits: { maxActive: 3, requestsPerMinute: 60 },
  });
});

Deno.test("keys that are missing, malformed, unknown, expired or revoked are refused with the reason", async () => {
  await using test = await open();
  const { authenticator, keys, clock } = test;
  const ask = (header: string | null) => refusal(authenticator.byHeader(header, "::1"));
  for (const header of [null, ""]) assert.match(await ask(header), /send the header/);
  for (const header of ["Basic YTpi", "Bearer", "Bearer a b", `Bearer ${"x".repeat(201)}`]) {
    assert.match(await ask(header), /must be `Authorization: Bearer KEY`/);
  }
  assert.match(await ask("Bearer parterre_x"), /unknown/);
  const short = await keys.create({ ...SPEC, expiresAt: clock.now + 1000 });
  const revoked = await keys.create(SPEC);
  await authenticator.byHeader(`Bearer ${short.secret}`, "::1");
  clock.now += 1000;
  assert.equal(await ask(`Bearer ${short.secret}`), `Cannot tell who asks: the key ${short.key.id} has expired`);
  await keys.revoke(revoked.key.id);
  assert.match(await ask(`Bearer ${revoked.secret}`), /was revoked/);
  assert.equal((await keys.revoke(revoked.key.id))?.revokedAt, clock.now, "again is harmless");
  assert.equal(await keys.revoke("nobody"), null);
});

Deno.test("only hashes of keys are kept", async () => {
  await using test = await open();
  const { secret } = await test.keys.create(SPEC);
  assert.ok(!JSON.stringify(await test.keys.list()).includes(secret));
});

Deno.test("the operator's key sees everything", async () => {
  await using test = await open();
  const caller = await test.authenticator.byHeader(`Bearer ${ADMIN}`, "::1");
  assert.deepEqual([caller.owner, caller.scopes.has("admin")], ["admin", true]);
  assert.match(await refusal(test.authenticator.byHeader(`Bearer ${ADMIN}x`, "::1")), /unknown/);
});

Deno.test("a signed URL proves its key, for reading, until its end", async () => {
  await using test = await open();
  const { authenticator, signer, keys, clock } = test;
  const { key } = await keys.create(SPEC);
  const path = signer.sign("/images/abc.png", key.id);
  assert.equal(signer.sign("/images/abc.png", key.id), path, "the same for a while");
  const url = (text: string) => new URL(text, "http://host");
  const caller = await authenticator.byUrl(url(path));
  assert.deepEqual([caller?.owner, [...caller?.scopes ?? []]], [key.id, ["read"]]);
  assert.equal(await authenticator.byUrl(url("/images/abc.png")), null);
  const other = (await keys.create(SPEC)).key.id;
  for (
    const forged of [
      path.replace("abc", "abd"),
      path.replace(key.id, other),
      path.replace(/expires=\d/, "expires=9"),
      path + "x",
      path.slice(0, -1),
      path + "&more=1",
      path.replace(/signature=.*/, "signature="),
    ]
  ) assert.match(await refusal(authenticator.byUrl(url(forged))), /signature/, forged);

  clock.now += 3_600_000;
  assert.notEqual(await authenticator.byUrl(url(path)), null, "at least its lifetime");
  clock.now += 3_600_000;
  assert.match(await refusal(authenticator.byUrl(url(path))), /expired/);
  const late = signer.sign("/x?query=a&variables=%7B%7D", key.id);
  assert.equal((await authenticator.byUrl(url(late)))?.owner, key.id);
  await keys.revoke(key.id);
  assert.match(await refusal(authenticator.byUrl(url(late))), /revoked/);
});

/** What `/ready` looks at, what it says, and what it costs. */

import assert from "node:assert/strict";
import { Readiness, type ReadinessServices } from "../../server/readiness.ts";
import { StorageError } from "../../assets/storage_error.ts";
import { startServer } from "../e2e/server.ts";

const FINE: ReadinessServices = {
  closing: new AbortController().signal,
  catalog: { hasUsable: () => true },
  compute: { ready: () => Promise.resolve() },
  check: () => Promise.resolve({ free: 2 ** 40 }),
  checkDatabase: () => Promise.resolve(),
  checkAssets: () => Promise.resolve(),
  checkRedis: () => Promise.resolve(),
};

/** The status and the checks that are not fine, with these services in place of fine ones. */
async function found(services: Partial<ReadinessServices>): Promise<[number, Record<string, string>]> {
  const response = await new Readiness({ ...FINE, ...services }).respond();
  const { checks } = await response.json() as { checks: Record<string, { ok: boolean; reason?: string }> };
  assert.deepEqual(Object.keys(checks).sort(), [
    "accepting",
    "assets",
    "compute",
    "database",
    "disk",
    "models",
    "redis",
  ]);
  return [
    response.status,
    Object.fromEntries(
      Object.entries(checks).flatMap(([name, { ok, reason }]) => ok ? [] : [[name, reason ?? ""]]),
    ),
  ];
}

Deno.test("a server that can do its work is ready", async () => {
  assert.deepEqual(await found({}), [200, {}]);
  assert.deepEqual(await found({ check: () => Promise.resolve({ free: null }) }), [200, {}]);
});

Deno.test("each fault is told at its place, and all of them at once", async () => {
  const failing = (code: ConstructorParameters<typeof StorageError>[0]) => () =>
    Promise.reject(new StorageError(code, new Error("/some/path")));
  assert.deepEqual(await found({ check: failing("STORAGE_FULL") }), [503, { disk: "the disk is full" }]);
  assert.deepEqual(await found({ check: failing("STORAGE_READ_ONLY") }), [503, { disk: "the disk may only be read" }]);
  assert.deepEqual(await found({ check: failing("STORAGE_BUSY") }), [
    503,
    { database: "another program is writing to it" },
  ]);
  assert.deepEqual(await found({ check: () => Promise.resolve({ free: 31 * 2 ** 20 }) }), [
    503,
    { disk: "31 MiB are free" },
  ]);
  assert.deepEqual(
    await found({ checkDatabase: failing("STORAGE_UNREACHABLE"), checkAssets: failing("STORAGE_FULL") }),
    [503, { database: "it does not answer", assets: "the disk is full" }],
  );
  const closing = new AbortController();
  closing.abort();
  assert.deepEqual(
    await found({
      closing: closing.signal,
      catalog: { hasUsable: () => false },
      compute: { ready: () => Promise.reject(new Error("/some/path")) },
    }),
    [503, {
      accepting: "shutting down",
      models: "there is no model that can be used",
      compute: "the check failed; the log says why",
    }],
  );
});

Deno.test("a check that hangs is a fault, and holds nobody up for long", async () => {
  const since = performance.now();
  const [status, faults] = await found({ compute: { ready: () => new Promise(() => {}) } });
  assert.deepEqual([status, faults], [503, { compute: "no answer in 2 s" }]);
  assert.ok(performance.now() - since < 10_000);
});

Deno.test("many who ask at once are answered by one look", async () => {
  let looks = 0;
  const readiness = new Readiness({
    ...FINE,
    check: () => {
      looks++;
      return Promise.resolve({ free: null });
    },
  });
  await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
  assert.equal(looks, 1);
});

Deno.test("a server answers with what it found, and leaves nothing behind", async () => {
  await using server = await startServer();
  const ready = async () => {
    const response = await fetch(`${server.url}/ready`);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const ok = { ok: true };
  const { status, headers, body } = await ready();
  assert.deepEqual(body, {
    status: "ready",
    checks: { accepting: ok, disk: ok, database: ok, assets: ok, redis: ok, models: ok, compute: ok },
  });
  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.deepEqual([...Deno.readDirSync(server.dataFolder)].filter(({ name }) => name.startsWith(".trial")), []);
  assert.equal((await fetch(`${server.url}/ready`, { method: "HEAD" })).status, 200);
});

Deno.test("a folder of models without one that can be used starts, and is not ready", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    await using server = await startServer({ environment: { PARTERRE_MODELS: folder } });
    const response = await fetch(`${server.url}/ready`);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "5");
    const { checks } = await response.json();
    assert.deepEqual(checks.models, { ok: false, reason: "there is no model that can be used" });
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

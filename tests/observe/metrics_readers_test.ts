/** Who may read the metrics. */

import { strict as assert } from "node:assert";
import { type Caller, openCaller, type Scope } from "../../access/caller.ts";
import { metricsAllowed } from "../../server/metrics_endpoint.ts";
import { startServer } from "../e2e/server.ts";

const key = (...scopes: Scope[]): Caller => ({ lane: "key:k", owner: "k", scopes: new Set(scopes), limits: {} });

Deno.test("programs on this machine read the metrics, and keys with the scope admin from anywhere", () => {
  const plain = { headers: new Headers() };
  const far = openCaller("10.0.0.7");
  for (const address of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) {
    assert.ok(metricsAllowed(plain, openCaller(address), address, "loopback"), address);
  }
  for (const address of ["10.0.0.7", "::ffff:10.0.0.7", "fe80::1", "128.0.0.1", "localhost.example", ""]) {
    assert.ok(!metricsAllowed(plain, openCaller(address), address, "loopback"), address);
  }
  assert.ok(metricsAllowed(plain, key("admin"), "10.0.0.7", "loopback"));
  assert.ok(!metricsAllowed(plain, key("read", "generate", "layouts"), "10.0.0.7", "loopback"));
  assert.ok(!metricsAllowed(plain, null, "10.0.0.7", "loopback"));
  assert.ok(metricsAllowed(plain, null, "127.0.0.1", "loopback"));
  assert.ok(metricsAllowed(plain, far, "10.0.0.7", "all"));
});

Deno.test("a request that a proxy on this machine passed on is not from this machine", () => {
  for (const name of ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"]) {
    const headers = new Headers({ [name]: "127.0.0.1" });
    assert.ok(!metricsAllowed({ headers }, openCaller("127.0.0.1"), "127.0.0.1", "loopback"), name);
  }
});

Deno.test("PARTERRE_METRICS decides", async () => {
  const status = async (readers: string, headers: Record<string, string> = {}) => {
    await using server = await startServer({ environment: { PARTERRE_METRICS: readers } });
    const response = await fetch(`${server.url}/metrics`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const passedOn = { "x-forwarded-for": "203.0.113.9" };
  assert.deepEqual(
    [
      await status("loopback"),
      await status("loopback", passedOn),
      await status("all", passedOn),
      await status("none"),
    ],
    [200, 403, 200, 404],
  );
});

/** Which pages and which names may reach the server. */

import { strict as assert } from "node:assert";
import { type Answer, exchange } from "./raw_http.ts";
import { startServer, type TestServer } from "./server.ts";

const FOREIGN = "https://evil.example";

/** Asks as a page would, over a connection of its own. */
function ask(
  server: TestServer,
  headers: Record<string, string>,
  path = "/graphql?query={__typename}",
  method = "GET",
) {
  const { host } = new URL(server.url);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return exchange(server.url, `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nconnection: close\r\n\r\n`);
}

const upgrade = (origin: string) => ({
  origin,
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  "sec-websocket-protocol": "graphql-transport-ws",
});

const preflight = (origin: string) => ({
  origin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "content-type, graphql-preflight",
});

const allowed = ({ headers }: Answer) => headers.get("access-control-allow-origin") ?? null;

Deno.test("by default only pages of the server's own origin may call, over every transport", async () => {
  await using server = await startServer();
  for (const origin of [FOREIGN, "null", "https://127.0.0.1", "http://localhost:1", "http://127.0.0.1:1", "nonsense"]) {
    for (const headers of [{ origin }, preflight(origin), { origin, accept: "text/event-stream" }]) {
      const answer = await ask(server, headers);
      assert.deepEqual([answer.status, allowed(answer)], [403, null], origin);
    }
    assert.equal((await ask(server, preflight(origin), "/graphql", "OPTIONS")).status, 403);
    assert.equal((await ask(server, upgrade(origin), "/graphql")).status, 403);
    assert.equal((await ask(server, { origin }, `/images/${"0".repeat(64)}.png`)).status, 403);
    assert.equal((await ask(server, { origin }, "/layout.schema.json")).status, 403);
  }
  const own = await ask(server, { origin: server.url });
  assert.deepEqual([own.status, allowed(own)], [200, null]);
  assert.equal((await ask(server, upgrade(server.url), "/graphql")).status, 101);
  // Behind a proxy that speaks TLS the page's origin is https, and the proxy passes its Host on.
  const { host } = new URL(server.url);
  assert.equal((await ask(server, { origin: `https://${host}` })).status, 200);
});

Deno.test("what a page of another site loads without asking is not served to it", async () => {
  await using server = await startServer();
  const image = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
  assert.equal((await ask(server, image)).status, 403);
  assert.equal((await ask(server, { ...image, "sec-fetch-site": "same-origin" })).status, 200);
  // A link to GraphiQL may be followed from anywhere.
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", accept: "text/html" };
  assert.equal((await ask(server, link, "/graphql")).status, 200);
});

Deno.test("pages of the origins in PARTERRE_CORS may call", async () => {
  const app = "https://app.example";
  await using server = await startServer({ environment: { PARTERRE_CORS: `${app}, http://localhost:5173` } });
  for (const origin of [app, "http://localhost:5173"]) {
    const asked = await ask(server, preflight(origin), "/graphql", "OPTIONS");
    assert.deepEqual([asked.status, allowed(asked)], [204, origin]);
    assert.match(asked.headers.get("access-control-allow-headers") ?? "", /graphql-preflight/);
    const answer = await ask(server, { origin });
    assert.deepEqual([answer.status, allowed(answer)], [200, origin]);
    assert.match(answer.headers.get("vary") ?? "", /origin/i);
    assert.equal((await ask(server, upgrade(origin), "/graphql")).status, 101);
    const schema = await ask(server, { origin }, "/layout.schema.json");
    assert.deepEqual([schema.status, allowed(schema)], [200, origin]);
  }
  for (
    const origin of [FOREIGN, "https://app.example.evil.example", "http://app.example", "https://app.example:8443"]
  ) {
    assert.equal((await ask(server, { origin })).status, 403, origin);
    assert.equal((await ask(server, upgrade(origin), "/graphql")).status, 403, origin);
  }
});

Deno.test("pages of any origin may call only where that is said, and then without credentials", async () => {
  await using server = await startServer({ environment: { PARTERRE_CORS: "*" } });
  const answer = await ask(server, { origin: FOREIGN });
  assert.deepEqual([answer.status, allowed(answer)], [200, "*"]);
  assert.equal(answer.headers.get("access-control-allow-credentials"), undefined);
});

Deno.test("a Host that is neither this machine's nor listed is refused, except to probes", async () => {
  await using server = await startServer({ environment: { PARTERRE_ALLOWED_HOSTS: "paint.example,api.example:8443" } });
  const { port } = new URL(server.url);
  const good = [
    "localhost",
    `LOCALHOST:${port}`,
    "127.0.0.1",
    "127.8.9.1:99",
    "[::1]:80",
    "paint.example",
    "paint.example:81",
    "api.example:8443",
  ];
  for (const host of good) assert.equal((await ask(server, { host })).status, 200, host);
  const bad = [
    "evil.example",
    `evil.example:${port}`,
    "api.example",
    "xpaint.example",
    "127.0.0.1.evil.example",
    "10.1.2.3",
  ];
  for (const host of bad) {
    assert.equal((await ask(server, { host })).status, 421, host);
    assert.equal((await ask(server, { host, ...upgrade(`http://${host}`) }, "/graphql")).status, 421, host);
    assert.equal((await ask(server, { host }, "/images/x.png")).status, 421, host);
    assert.equal((await ask(server, { host }, "/health")).status, 200, host);
    assert.equal((await ask(server, { host }, "/ready")).status, 200, host);
  }
  for (const host of ["", "a b", "a/b", "a@b", "[", "[::1", "a:b:c", "%00", "a:99999999", "é.example", "a\\b"]) {
    assert.equal((await ask(server, { host })).status, 400, JSON.stringify(host));
  }
  const twice = `GET /graphql HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n`;
  assert.equal((await exchange(server.url, twice)).status, 400);
  const whole = `GET http://evil.example/graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
  assert.equal((await exchange(server.url, whole)).status, 400);
});

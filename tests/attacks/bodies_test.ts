/** Whatever HTTP clients send in place of an operation, or of HTTP. */

import fc from "fast-check";
import { strict as assert } from "node:assert";
import { exchange } from "../e2e/raw_http.ts";
import { Victim } from "./victim.ts";

const BODIES = 10_000;
const AT_ONCE = 50;

const contentTypes = fc.oneof(
  { weight: 6, arbitrary: fc.constant("application/json") },
  fc.constantFrom(
    "application/graphql",
    "application/graphql+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json; charset=utf-16",
    "",
    "nonsense",
  ),
);

const params = fc.record({
  query: fc.oneof(fc.constantFrom("{ __typename }", "{", "", "{ nope }", "mutation { a }"), fc.anything()),
  variables: fc.anything(),
  operationName: fc.anything(),
  extensions: fc.anything(),
}, { requiredKeys: [] });

const bodies = fc.oneof(
  params.map((value) => JSON.stringify(value) ?? ""),
  fc.json(),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 100 }).map((text) =>
    `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${text}\r\n--x--`
  ),
  fc.constantFrom(
    "[".repeat(50_000),
    '{"query":'.repeat(5000),
    '"\\ud800"',
    "\ufeff{}",
    "null",
    "1e999",
    '{"__proto__":{}}',
  ),
);

const requests = fc.record({
  contentType: contentTypes,
  body: bodies,
  accept: fc.constantFrom(
    "*/*",
    "application/json",
    "application/graphql-response+json",
    "text/event-stream",
    "x/y",
    "",
  ),
  method: fc.constantFrom("POST", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "GET"),
  preflight: fc.boolean(),
});

Deno.test("10,000 bodies that are no operations are answered as what they are", async () => {
  await using victim = await Victim.start();
  const all = fc.sample(requests, { numRuns: BODIES, seed: 16 });
  const statuses = new Map<number, number>();
  const send = async ({ contentType, body, accept, method, preflight }: (typeof all)[number]) => {
    const headers = new Headers({ "content-type": contentType, accept });
    if (preflight) headers.set("graphql-preflight", "1");
    const init = method === "GET" ? {} : { body: body as string | Uint8Array<ArrayBuffer> };
    const answer = await fetch(`${victim.url}/graphql`, { method, headers, ...init });
    await answer.body?.cancel();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  };
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(send));
  const seen = [...statuses.keys()];
  assert.deepEqual(seen.filter((status) => ![200, 400, 405, 406, 413, 415].includes(status)), [], `${[...statuses]}`);
  assert.ok((statuses.get(400) ?? 0) > BODIES / 4, `${[...statuses]}`);
  await victim.survived();
});

Deno.test("1,000 connections that speak no HTTP are told so, or closed", async () => {
  await using victim = await Victim.start({ PARTERRE_HEADER_TIMEOUT: "1" });
  const { host } = new URL(victim.url);
  const line = fc.oneof(
    fc.constantFrom(
      "GET /graphql HTTP/1.1",
      `host: ${host}`,
      "content-length: 5",
      "content-length: -5",
      "content-length: 5, 6",
      "transfer-encoding: chunked",
      "transfer-encoding: gzip",
      "connection: upgrade",
      "upgrade: h2c",
      "expect: 100-continue",
      "expect: nonsense",
      "PRI * HTTP/2.0",
      "CONNECT evil.example:443 HTTP/1.1",
      "TRACE / HTTP/1.1",
      "OPTIONS * HTTP/1.1",
      "GET /\0 HTTP/1.1",
      " folded: header",
      "",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 60 }),
  );
  const lines = fc.array(line, { minLength: 1, maxLength: 8 }).map((parts) => `${parts.join("\r\n")}\r\n\r\n`);
  const all = fc.sample(lines, { numRuns: 1000, seed: 16 });
  for (let at = 0; at < all.length; at += 200) {
    const answers = await Promise.all(all.slice(at, at + 200).map((request) => exchange(victim.url, request)));
    for (const { status } of answers) {
      assert.ok(
        Number.isNaN(status) || status === 100 || status === 101 || [200, 204].includes(status) ||
          status >= 400 && status < 500,
        `${status}`,
      );
    }
  }
  await victim.survived();
});

/** Addresses that lead out of where they should, and requests that come from where they should not. */

import { strict as assert } from "node:assert";
import { exchange } from "../e2e/raw_http.ts";
import { Victim } from "./victim.ts";

const UPS = [
  "..",
  "%2e%2e",
  "%2E%2E",
  "..%2f",
  "%2e%2e%2f",
  "..%5c",
  "..\\",
  "%252e%252e",
  "..;",
  "%c0%ae%c0%ae",
  "....//",
  "%00",
];
const TARGETS = ["etc/passwd", "parterre.sqlite", "deno.json", "main.ts", "models/beds-256/model_index.json"];
const ROOTS = [
  "/",
  "/images/",
  "/previews/",
  "/graphql/",
  "/layout.schema.json/",
  `/images/${"0".repeat(64)}.png/`,
  "//",
  "/./",
];

Deno.test("no address leads to a file", async () => {
  await using victim = await Victim.start();
  const { host } = new URL(victim.url);
  const paths = ROOTS.flatMap((root) =>
    UPS.flatMap((up) => TARGETS.map((target) => `${root}${`${up}/`.repeat(6)}${target}`))
  );
  const found: string[] = [];
  for (let at = 0; at < paths.length; at += 50) {
    await Promise.all(
      paths.slice(at, at + 50).map(async (path) => {
        const { status, body } = await exchange(
          victim.url,
          `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
        );
        if (![400, 404].includes(status) || /root:|import |SQLite|_class_name/.test(body)) {
          found.push(`${path}: ${status}`);
        }
      }),
    );
  }
  assert.deepEqual(found, []);
  await victim.survived();
});

Deno.test("floods from foreign origins and Hosts are refused", async () => {
  await using victim = await Victim.start();
  const { host } = new URL(victim.url);
  const ask = async (lines: readonly string[]) =>
    (await exchange(victim.url, `${[...lines, "connection: close"].join("\r\n")}\r\n\r\n`)).status;
  for (let i = 0; i < 5; i++) {
    const statuses = await Promise.all(Array.from({ length: 100 }, (_, j) => {
      const line = j % 2 === 0 ? "GET /graphql?query={__typename} HTTP/1.1" : "OPTIONS /graphql HTTP/1.1";
      return ask([line, `host: ${host}`, `origin: https://evil${j}.example`]);
    }));
    assert.deepEqual(new Set(statuses), new Set([403]));
    const rebound = await Promise.all(
      Array.from({ length: 100 }, (_, j) => ask(["GET /graphql HTTP/1.1", `host: evil${j}.example`])),
    );
    assert.deepEqual(new Set(rebound), new Set([421]));
  }
  await victim.survived();
});

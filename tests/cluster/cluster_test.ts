/** `deno task cluster`, as somebody calls it: it says where it is, paints, and leaves nothing behind. */

import assert from "node:assert/strict";
import { startChild } from "../e2e/child_server.ts";
import { picture, SMALL } from "../e2e/server.ts";

Deno.test("a cluster is there with one command, and gone with one signal", async () => {
  const args = ["task", "cluster", "--servers", "2", "--workers", "1"];
  await using cluster = await startChild({ args });
  const { stdout } = cluster.output();
  const members = stdout.matchAll(/^(\S+): (\S+), pid \d+$/gm).map(([, name, url]) => ({ name, url })).toArray();
  assert.deepEqual(members.map(({ name }) => name), ["server-1", "server-2", "worker-1"]);
  const [, folder = ""] = /Logs are in (\S+?)\. /.exec(stdout) ?? [];
  assert.ok(Deno.statSync(folder).isDirectory);

  const png = await picture(cluster.client, { ...SMALL, model: "beds-256-lcm", width: 256, height: 256 });
  assert.equal(new TextDecoder().decode(png.slice(1, 4)), "PNG");
  const { status, headers } = await fetch(`${cluster.url}/metrics`);
  assert.deepEqual([status, headers.get("server")], [404, "Caddy"], "the proxy keeps metrics to itself");

  cluster.process.kill("SIGTERM");
  assert.equal(await cluster.ended, 0);
  for (const url of [cluster.url, ...members.map(({ url }) => url ?? "")]) await assert.rejects(fetch(url), url);
  assert.throws(() => Deno.statSync(folder), Deno.errors.NotFound);
});

/** `deno task cluster`, as somebody calls it: it says where it is, paints, is looked at, and leaves nothing behind. */

import assert from "node:assert/strict";
import { until } from "../../tools/cluster/engines/service.ts";
import { startChild } from "../e2e/child_server.ts";
import { picture, SMALL } from "../e2e/server.ts";
import { filledIn, panelsOfDashboard } from "../observe/dashboard.ts";
import { Prometheus } from "./prometheus.ts";

Deno.test("a cluster is there with one command, and gone with one signal", async () => {
  const args = ["task", "cluster", "--servers", "2", "--workers", "1"];
  await using cluster = await startChild({ args });
  const { stdout } = cluster.output();
  const members = stdout.matchAll(/^(\S+): (\S+), pid \d+$/gm).map(([, name, url = ""]) => ({ name, url })).toArray();
  assert.deepEqual(members.map(({ name }) => name), ["server-1", "server-2", "worker-1"]);
  const [, folder = ""] = /Logs are in (\S+?)\. /.exec(stdout) ?? [];
  assert.ok(Deno.statSync(folder).isDirectory);

  const png = await picture(cluster.client, { ...SMALL, model: "beds-256-lcm", width: 256, height: 256 });
  assert.equal(new TextDecoder().decode(png.slice(1, 4)), "PNG");
  const { status, headers } = await fetch(`${cluster.url}/metrics`);
  assert.deepEqual([status, headers.get("server")], [404, "Caddy"], "the proxy keeps metrics to itself");

  const [, prometheus = ""] = /^Prometheus: (\S+)$/m.exec(stdout) ?? [];
  await looksOn(new Prometheus(prometheus), members.map(({ url }) => new URL(url).host));

  for (const { name } of members) {
    const log = Deno.readTextFileSync(`${folder}/${name}.log`);
    assert.match(log, /listens on|tells of its health/);
    assert.doesNotMatch(log, /NotCapable|Requires \w+ access/, "with the rights that an operator gives it");
  }

  cluster.process.kill("SIGTERM");
  assert.equal(await cluster.ended, 0);
  for (const url of [cluster.url, prometheus, ...members.map(({ url }) => url)]) await assert.rejects(fetch(url), url);
  assert.throws(() => Deno.statSync(folder), Deno.errors.NotFound);
});

/** Prometheus reaches every process, evaluates every alert rule, and answers what the dashboard asks. */
async function looksOn(prometheus: Prometheus, processes: readonly string[]): Promise<void> {
  const settled = async () => {
    const targets = await prometheus.targets();
    assert.deepEqual([...targets.keys()].sort(), processes.toSorted());
    for (const [process, { health, lastError }] of targets) assert.equal(health, "up", `${process}: ${lastError}`);
    const rules = await prometheus.rules();
    assert.ok(rules.size > 8);
    for (const [name, { health, lastError, state }] of rules) {
      assert.deepEqual([health, state], ["ok", "inactive"], `${name}: ${lastError}`);
    }
    // The picture is counted once, whatever the number of processes that heard of it.
    assert.deepEqual(await prometheus.query("sum(parterre_generations_total)"), [{ labels: {}, value: 1 }]);
  };
  await until(settled, 20_000);
  const shown = async (title: string) => {
    const panels = panelsOfDashboard().filter((panel) => panel.title === title);
    const samples = panels.flatMap(({ targets = [] }) => targets.map((target) => prometheus.query(filledIn(target))));
    return (await Promise.all(samples)).flat().map(({ value }) => value);
  };
  for (const { title } of panelsOfDashboard()) await shown(title); // none is refused
  // What one worker does is shown as one worker's.
  assert.deepEqual(await shown("Computes with"), [1]);
  assert.deepEqual(await shown("Waiting"), [0]);
  const holders = await prometheus.query("count by (instance) (parterre_model_loaded)");
  assert.deepEqual(holders.map(({ labels: { instance } }) => instance), processes.slice(-1));
}

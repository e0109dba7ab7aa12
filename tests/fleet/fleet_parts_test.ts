/** What processes of a fleet know of each other: workers, watchers, previews that another has encoded. */

import assert from "node:assert/strict";
import { FleetCompute } from "../../fleet/fleet_compute.ts";
import { FleetWatchers } from "../../fleet/fleet_watchers.ts";
import { keepAnnouncing } from "../../fleet/announcer.ts";
import { RedisBell } from "../../fleet/redis_bell.ts";
import { RedisRoster } from "../../fleet/redis_roster.ts";
import { SharedPreviews } from "../../fleet/shared_previews.ts";
import type { Generation } from "../../jobs/generation.ts";
import { PaintingWatch } from "../../jobs/self_report.ts";
import { readyTogether, type WorkerReport } from "../../jobs/workers.ts";
import { Estimator } from "../../requests/estimator.ts";
import { processes } from "./processes.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await look()) return;
    await pause(10);
  }
  assert.fail("It never came about");
}

function report(id: string, more: Partial<WorkerReport> = {}): WorkerReport {
  const common = { version: "1", provider: "wasm", threads: 2, engine: "e", memoryBudget: 1, memoryUsed: 1 } as const;
  return { id, ...common, models: [], painting: null, aiding: null, kind: "k", startedAt: 1, at: 2, ...more };
}

Deno.test("a worker is on the roster for as long as it announces itself, and a silent one is forgotten", async () => {
  await using all = await processes();
  const [here, there] = [await all.open(), await all.open()];
  const roster = new RedisRoster(there);
  const end = new AbortController();
  const watch = new PaintingWatch();
  const self = {
    id: "b",
    report: () => report("b", { painting: watch.painting }),
    get changed() {
      return watch.changed;
    },
  };
  const announcing = keepAnnouncing(self, new RedisRoster(here), end.signal);
  await new RedisRoster(here).announce(report("a", { later: 1 } as Partial<WorkerReport>));
  const ids = async () => (await new RedisRoster(there).list()).map(({ id }) => id).join();
  await until(async () => await ids() === "a,b");
  assert.deepEqual(await roster.list(), [{ ...report("a"), later: 1 }, report("b")], "those of a later version too");
  await there.commands.del("test:worker:a"); // as when it has expired
  await until(async () => await ids() === "b");
  assert.deepEqual(await there.commands.smembers("test:workers"), ["b"]);
  const { models: _, ...earlier } = report("c");
  for (
    const text of ["garbage", "null", "5", JSON.stringify(earlier), JSON.stringify({ ...report("c"), models: [null] })]
  ) {
    await there.commands.sadd("test:workers", "c");
    await there.commands.set("test:worker:c", text);
    assert.equal(await ids(), "b", text);
  }
  assert.deepEqual(await new RedisRoster(there).list(), [report("b")]);
  watch.statusChanged({ id: "g", status: "RUNNING", startedAt: 5 } as Generation);
  const painting = async () => (await new RedisRoster(there).list())[0]?.painting;
  await until(async () => (await painting())?.generationId === "g");
  watch.statusChanged({ id: "g", status: "SUCCEEDED", startedAt: 5 } as Generation);
  await until(async () => await painting() === null);
  end.abort();
  await announcing;
  assert.equal(await ids(), "");
});

Deno.test("a server takes provider, loaded models and times of steps from the workers", async () => {
  const estimator = new Estimator();
  const compute = new FleetCompute(estimator);
  assert.equal(compute.runtime.provider, "none");
  const model = (name: string, loaded: boolean, ms: number | null) =>
    ({ name, loaded, predictionMsPerMegapixel: ms }) as const;
  const workers = [
    report("a", { provider: "webgpu", models: [model("m", true, 100), model("n", false, null)] }),
    report("b", { models: [model("m", false, 300)] }),
    report("c", { models: [model("n", true, null)] }),
  ];
  const end = new AbortController();
  const following = compute.follow({ list: () => Promise.resolve(workers) }, end.signal, 10);
  await until(() => compute.runtime.provider === "wasm");
  assert.deepEqual(compute.loaded, new Set(["m", "n"]));
  assert.match(compute.runtime.reason, /2 of 3 workers/);
  const shape = { width: 1000, height: 500, previews: "linear" } as const;
  const estimated = estimator.estimate({ ...shape, model: "m" }, { passes: 2, previews: 0 });
  assert.ok(Math.abs((estimated ?? 0) - 200) < 1e-6, `${estimated}`); // 0.5 megapixels, twice, 200 ms each on average
  assert.equal(estimator.estimate({ ...shape, model: "n" }, { passes: 2, previews: 0 }), null);
  end.abort();
  await following;
});

Deno.test("those who could begin a picture together have its model in memory, wait, and compute alike", () => {
  const model = (name: string, loaded: boolean) => ({ name, loaded, predictionMsPerMegapixel: null });
  const [has, could] = [{ models: [model("m", true)] }, { models: [model("m", false)] }];
  const painting = { generationId: "g", step: 1, since: 1 };
  const able = [report("a", has), report("b", { ...has, aiding: "g" }), report("c", { ...has, kind: "l" })];
  const others = [report("d", could), report("e", { ...has, painting }), report("f", { ...has, kind: null })];
  assert.equal(readyTogether([...able, ...others], "m"), 2);
  assert.equal(readyTogether([report("f", { ...has, kind: null }), report("g", { ...has, kind: null })], "m"), 1);
  assert.equal(readyTogether(able, "n"), 0);
});

Deno.test("a worker makes the previews that another process's subscribers want, from when they come until they leave", async () => {
  await using all = await processes();
  const member = async () => {
    const redis = await all.open();
    const bell = new RedisBell(redis);
    const watchers = new FleetWatchers(redis, bell);
    all.stack.defer(() => {
      watchers.close();
      bell.close();
    });
    return watchers;
  };
  const worker = await member();
  const foreign = ["garbage", "null", `{"every":5,"at":1e15}`, `{"every":[-1,0.5,null],"at":1e15}`];
  const { commands } = await all.open();
  await commands.hset("test:watchers:a", Object.fromEntries(foreign.map((text, i) => [`foreign-${i}`, text])));
  const { now } = Date;
  Date.now = () => now() - 3_600_000; // the server's clock, which is slow
  const server = await member();
  const early = server.watch("a", 3);
  await pause(30);
  Date.now = now;
  using painted = worker.paint("a", { steps: 5, previews: "autoencoder" });
  const wanted = () => [...painted.wanted.subarray(1)].join("");
  await until(() => wanted() === "00101");
  const late = server.watch("a", 2);
  await until(() => wanted() === "01111");
  early();
  await until(() => wanted() === "01011");
  late();
  await until(() => wanted() === "00000");
  using _own = worker.paint("b", { steps: 2, previews: "linear" });
});

Deno.test("a preview is encoded once, by whichever server, and by itself where Redis is away or the other fails", async () => {
  await using all = await processes();
  const connections = [await all.open(), await all.open()] as const;
  for (const { commands } of connections) await commands.ping(); // without a connection each makes its own
  const [one, other] = [new SharedPreviews(connections[0]), new SharedPreviews(connections[1])];
  let made = 0;
  const make = async () => {
    made++;
    await pause(50);
    return new Uint8Array([1, 2, made]);
  };
  const files = await Promise.all([one.once("a", make), other.once("a", make), other.once("a", make)]);
  assert.deepEqual(files.map((bytes) => [...bytes]), [[1, 2, 1], [1, 2, 1], [1, 2, 1]]);
  assert.equal(made, 1);
  await assert.rejects(one.once("b", () => Promise.reject(new Error("cannot"))), /cannot/);
  assert.deepEqual([...await other.once("b", make)], [1, 2, 2], "after a while");
  await all.server.stop();
  assert.deepEqual([...await one.once("a", make)], [1, 2, 3]);
});

/** Models that the server's folder has, and no worker of the fleet. */

import assert from "node:assert/strict";
import { openRedis } from "../../fleet/redis.ts";
import { RedisRoster } from "../../fleet/redis_roster.ts";
import type { WorkerReport } from "../../jobs/workers.ts";
import { generate, SMALL } from "../e2e/server.ts";
import { until } from "../../tools/cluster/engines/service.ts";
import { startEngines } from "./cluster.ts";

const startCluster = await startEngines();

const ASK = `query ($input: ValidateLayoutInput!) {
  models { name hasWorker }
  validateLayout(input: $input) { ... on LayoutReport { warnings { code region message } } }
}`;

interface Answer {
  readonly models: readonly { readonly name: string; readonly hasWorker: boolean | null }[];
  readonly validateLayout: {
    readonly warnings: readonly { readonly code: string; readonly region: string | null; readonly message: string }[];
  };
}

Deno.test("a model without a worker is told by the model and the dry run, and requests for it wait for one", async () => {
  await using cluster = await startCluster();
  const { client } = await cluster.start("server");
  const { seed: _, ...shape } = SMALL;
  const model = "tiny-sd15";
  const ask = async () => {
    const { models, validateLayout: { warnings } } = await client.request<Answer>(ASK, {
      input: { ...shape, model },
    });
    const told = new Map(models.map(({ name, hasWorker }) => [name, hasWorker]));
    return { told, warnings: warnings.filter(({ code }) => code === "NO_WORKER") };
  };
  const alone = await ask();
  assert.equal(alone.told.get(model), false);
  const message = `no worker that there is now has the model "${model}": the picture would wait until one comes`;
  assert.deepEqual(alone.warnings, [{ code: "NO_WORKER", region: null, message }]);
  assert.equal((await generate(client, { ...SMALL, model })).generate.status, "QUEUED");

  const own = await openRedis(cluster.redis.url, "parterre:0");
  const models = [{ name: model, loaded: false, predictionMsPerMegapixel: null }];
  const report: WorkerReport = {
    id: "w",
    version: "1",
    provider: "wasm",
    threads: 1,
    engine: "e",
    kind: null,
    memoryBudget: 1,
    memoryUsed: 1,
    models,
    painting: null,
    aiding: null,
    startedAt: 1,
    at: 1,
  };
  await new RedisRoster(own).announce(report);
  await until(async () => assert.deepEqual((await ask()).warnings, []), 5000);
  const { told } = await ask();
  assert.deepEqual([...told].filter(([, has]) => has).map(([name]) => name), [model]);
  await own.close();
});

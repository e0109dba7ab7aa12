/** Models make room for each other under a memory budget. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { inspectModel } from "../../../compute/model/inspect.ts";
import { Compute } from "../../../compute/worker/compute.ts";

const modelsFolder = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

function estimate(name: string): number {
  const inspection = inspectModel(`${modelsFolder}/${name}`, name);
  assert.ok(inspection.usable);
  return inspection.memoryBytes;
}

Deno.test("the model used longest ago makes room for the next one", async () => {
  const memoryBudget = estimate("tiny-sd15") + estimate("tiny-lcm") + estimate("tiny-sd21") - 1;
  const compute = await Compute.start({ modelsFolder, threads: 1, memoryBudget });
  await compute.load("tiny-sd15");
  await compute.load("tiny-lcm");
  await compute.load("tiny-sd15");
  assert.deepEqual([...compute.loaded], ["tiny-lcm", "tiny-sd15"]);
  await compute.load("tiny-sd21");
  assert.deepEqual([...compute.loaded], ["tiny-sd15", "tiny-sd21"]);
  await compute.load("tiny-lcm");
  assert.deepEqual([...compute.loaded], ["tiny-sd21", "tiny-lcm"]);
  compute.close();
});

Deno.test("a model that no budget fits is refused, and what was loaded stays", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1, memoryBudget: estimate("tiny-lcm") });
  await compute.load("tiny-lcm");
  await assert.rejects(compute.load("tiny-sd21"), /it takes about \d+ MiB, and the memory budget is \d+ MiB/);
  assert.deepEqual([...compute.loaded], ["tiny-lcm"]);
  compute.close();
});

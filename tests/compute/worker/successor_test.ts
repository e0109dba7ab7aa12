/** A compute Worker that died has a successor, and one that was closed has none. */

import assert from "node:assert/strict";
import { Compute } from "../../../compute/worker/compute.ts";
import { requestFor } from "../../jobs/requests.ts";

const MORTAL = new URL("./mortal_worker.ts", import.meta.url);

Deno.test("a Worker that died is replaced when somebody asks whether there is one", async () => {
  const compute = await Compute.start({ modelsFolder: "none", threads: 1 }, MORTAL);
  try {
    await compute.ready();
    await assert.rejects(compute.load("any"), /as it was told/);
    await compute.ready();
    await assert.rejects(compute.load("any"), /as it was told/, "the successor takes calls");
  } finally {
    compute.close();
  }
});

Deno.test("a closed one has no successor, and generations that it is asked for are canceled", async () => {
  const compute = await Compute.start({ modelsFolder: "none", threads: 1 }, MORTAL);
  compute.close();
  compute.close();
  await assert.rejects(compute.ready(), /was closed/);
  assert.deepEqual(await compute.generate(requestFor("a fox")), { type: "CANCELED" });
});

/** When a waiting picture is expected. */

import assert from "node:assert/strict";
import type { Generation } from "../../jobs/generation.ts";
import type { WorkerReport } from "../../jobs/workers.ts";
import { etaMs } from "../../schema/generation/eta.ts";
import type { Services } from "../../schema/services.ts";

/** The estimate of a generation that waits at a position, with workers that have these models. */
function estimated(position: number | null, models: readonly string[], recentMs: number | null, etaOfRecord = 7) {
  const status = position === null ? "RUNNING" : "QUEUED";
  const generation = { id: "a", status, etaMs: etaOfRecord, request: { model: "m" } } as Generation;
  const queue = { position: () => Promise.resolve(position), recentMs: () => Promise.resolve(recentMs) };
  const list = () =>
    Promise.resolve(models.map((name, i) => ({ id: String(i), models: [{ name }] }) as unknown as WorkerReport));
  return etaMs(generation, { queue, workers: { list } } as unknown as Services);
}

Deno.test("workers that have its model take what comes before in turns", async () => {
  assert.equal(await estimated(0, ["m"], 1000), 1000);
  assert.equal(await estimated(3, ["m"], 1000), 4000);
  assert.equal(await estimated(3, ["m", "m"], 1000), 2000);
  assert.equal(await estimated(3, ["m", "n", "m"], 1000), 2000);
});

Deno.test("while it is painted its record tells; nobody knows without a worker for it, or without a picture before", async () => {
  assert.equal(await estimated(null, ["m"], 1000), 7);
  assert.equal(await estimated(3, ["n"], 1000), null);
  assert.equal(await estimated(3, ["m"], null), null);
});

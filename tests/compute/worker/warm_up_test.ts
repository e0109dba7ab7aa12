/** A warm-up lets everything else go first. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { Compute, type GenerationOutcome } from "../../../compute/worker/compute.ts";
import { requestFor } from "../../jobs/requests.ts";

const modelsFolder = fileURLToPath(new URL("../../../models", import.meta.url));
const MODEL = "beds-256-lcm";
const REQUEST: GenerationRequest = { ...requestFor("a garden"), model: MODEL, width: 64, height: 64, steps: 2 };

Deno.test("a generation ends a warm-up, and is what it would be without", async () => {
  const compute = await Compute.start({ modelsFolder, threads: 1 });
  try {
    await compute.load(MODEL);
    const warm = compute.warmUp(MODEL);
    const during = await compute.generate(REQUEST);
    assert.equal(await warm, false, "it did not come to its end");
    assert.deepEqual(pixels(during), pixels(await compute.generate(REQUEST)));
  } finally {
    compute.close();
  }
});

function pixels(outcome: GenerationOutcome): readonly number[] {
  assert.equal(outcome.type, "IMAGE", JSON.stringify(outcome));
  return [...outcome.image.data];
}

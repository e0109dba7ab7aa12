/** Parts of a model that were read before and after a change are never put together. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { Pipelines } from "../../../compute/worker/pipelines.ts";
import type { MayFallBack } from "../../../compute/worker/protocol.ts";
import { copy } from "../../copy_folder.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

Deno.test("work that finds a part changed is done again, from its start, with the model as it is now", async () => {
  const modelsFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const model = join(modelsFolder, "m");
  copy(join(FIXTURES, "tiny-sd15"), model);
  const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
  const pipelines = new Pipelines(runtime, { modelsFolder, threads: 1 }, () => undefined);
  try {
    const timesteps: unknown[] = [];
    const { done } = await pipelines.use<MayFallBack & { done: boolean }>("m", async (pipeline) => {
      timesteps.push(pipeline.model.config.scheduler["timestep_spacing"]);
      if (timesteps.length === 1) copy(join(FIXTURES, "tiny-turbo"), model);
      const encoder = await pipeline.model.vaeEncoder(); // read when it is needed and not before
      await encoder.release();
      return { done: true };
    });
    assert.ok(done);
    assert.deepEqual(timesteps, ["leading", "trailing"]);
  } finally {
    runtime.dispose();
    Deno.removeSync(modelsFolder, { recursive: true });
  }
});

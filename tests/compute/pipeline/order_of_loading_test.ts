/** A pipeline loads what the first preview takes; the rest comes while that is on its way. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import type { Runtime } from "../../../compute/runtime/runtime.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { requestFor } from "../../jobs/requests.ts";

const NAME = "beds-256-lcm";
const folder = fileURLToPath(new URL(`../../../models/${NAME}`, import.meta.url));

Deno.test("the autoencoder is loaded after the first preview, and not only at the end", async () => {
  const wasm = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
  let sessions = 0;
  const runtime: Runtime = {
    ...wasm,
    createSession: (graph) => {
      sessions++;
      return wasm.createSession(graph);
    },
  };
  const model = new DiffusionModel(runtime, folder, NAME);
  const pipeline = new Pipeline(model);
  await pipeline.load();
  assert.equal(sessions, 3, "text encoder, UNet, keys and values");
  const seen: number[] = [];
  const request = { ...requestFor("a garden"), model: NAME, width: 64, height: 64, steps: 3 };
  for await (const { type } of pipeline.generate(request)) if (type === "STEP") seen.push(sessions);
  assert.deepEqual(seen, [3, 4, 4]);
  await model.release();
});

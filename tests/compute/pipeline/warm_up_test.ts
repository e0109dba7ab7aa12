/** A warm-up paints a whole picture while nothing else is wanted. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";

const folder = fileURLToPath(new URL("../../../models/beds-256-lcm", import.meta.url));

Deno.test("a warm-up paints to the end unless something is wanted", async () => {
  const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
  const model = new DiffusionModel(runtime, folder, "beds-256-lcm");
  const asksUntil = async (wanted: number) => {
    let asked = 0;
    const ended = await new Pipeline(model).warmUp(() => ++asked < wanted);
    return { asked, ended };
  };
  assert.deepEqual(
    await asksUntil(Infinity),
    { asked: 9, ended: true },
    "after each of eight steps, and after the picture",
  );
  assert.deepEqual(await asksUntil(3), { asked: 3, ended: false });
  await model.release();
});

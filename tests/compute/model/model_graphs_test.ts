/** A model's graphs are read once between a look into it and its loading. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readModelConfig } from "../../../compute/model/config.ts";
import { openModel } from "../../../compute/model/inspect.ts";
import { ModelGraphs } from "../../../compute/model/model_graphs.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/models/tiny-sd15", import.meta.url));
const PARTS = ["text_encoder", "unet", "vae_decoder"];

/** A copy of the fixture, of which files may be removed. */
function copy(): string {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const files = (from: string): readonly string[] =>
    [...Deno.readDirSync(join(FIXTURE, from))].flatMap(({ name, isDirectory }) =>
      isDirectory ? files(join(from, name)) : join(from, name)
    );
  for (const file of files("")) {
    Deno.mkdirSync(join(folder, file, ".."), { recursive: true });
    Deno.copyFileSync(join(FIXTURE, file), join(folder, file));
  }
  return folder;
}

Deno.test("an opened model loads from what was read: its graphs may be gone by then", async () => {
  const folder = copy();
  try {
    const opened = openModel(folder, "tiny-sd15");
    assert.ok(opened.usable);
    for (const part of PARTS) Deno.removeSync(join(folder, part, "model.onnx"));
    const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
    const model = new DiffusionModel(runtime, folder, "tiny-sd15", opened.graphs);
    await model.unet();
    await model.textEncoder();
    await model.vaeDecoder();
    await model.release();
    await assert.rejects(model.unet(), /the file is missing/, "what was handed out is not kept");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a graph that was not looked at, or was taken before, is read", () => {
  const graphs = new ModelGraphs(readModelConfig(FIXTURE, "tiny-sd15"));
  const levels = graphs.takeUnet().levels;
  const weights = graphs.look();
  assert.ok(weights > 0);
  assert.deepEqual(graphs.takeUnet().levels, levels);
  assert.deepEqual(graphs.takeUnet().levels, levels);
  assert.notStrictEqual(graphs.take("vae_decoder"), graphs.take("vae_decoder"));
});

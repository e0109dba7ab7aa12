/** A model's graphs are read once between a look into it and its loading. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readModelConfig } from "../../../compute/model/config.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { inspectModel, openModel } from "../../../compute/model/inspect.ts";
import { lookAtModel } from "../../../compute/model/model_stamps.ts";
import { ModelGraphs } from "../../../compute/model/model_graphs.ts";
import { rewriteUnet } from "../../../compute/model/unet_graph.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { encodeOnnx } from "../../../compute/graph/onnx_file.ts";
import { CountedFiles } from "../../counted_files.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/models/tiny-sd15", import.meta.url));
const EXTERNAL = fileURLToPath(new URL("../../fixtures/models/tiny-sd15-external", import.meta.url));
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

Deno.test("what is known of a model's graphs is not read again: each is read once, when it is loaded", () => {
  const folder = copy();
  try {
    using files = new CountedFiles(folder);
    const graphsRead = () =>
      files.read.filter((path) => path.endsWith(".onnx")).map((path) => path.split("/")[0]).sort();
    const { stamps: { graphs: stamp } } = lookAtModel(folder);
    const inspection = inspectModel(folder, "tiny-sd15");
    assert.deepEqual(graphsRead(), PARTS);
    files.clear();

    const opened = openModel(folder, "tiny-sd15", { stamp, inspection });
    assert.ok(opened.usable && inspection.usable && opened.memoryBytes === inspection.memoryBytes);
    assert.deepEqual(graphsRead(), []);
    opened.graphs.takeUnet();
    opened.graphs.fingerprint("vae_decoder");
    opened.graphs.take("vae_decoder");
    assert.deepEqual(graphsRead(), ["unet", "vae_decoder"]);
    const refused = { usable: false, refused: "as it was found" } as const;
    assert.deepEqual(openModel(folder, "tiny-sd15", { stamp, inspection: refused }), refused);

    Deno.utimeSync(join(folder, "vae_decoder", "model.onnx"), 1, 1);
    assert.throws(() => opened.graphs.take("text_encoder"), /has changed since the model was opened/);
    files.clear();
    assert.ok(openModel(folder, "tiny-sd15", { stamp, inspection: refused }).usable, "what is known is of other files");
    assert.deepEqual(graphsRead(), PARTS);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("data beside a graph are read when they are loaded, once, and only if they are still the same", () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    Deno.mkdirSync(join(folder, "unet"));
    for (const { name } of Deno.readDirSync(join(EXTERNAL, "unet"))) {
      Deno.copyFileSync(join(EXTERNAL, "unet", name), join(folder, "unet", name));
    }
    using files = new CountedFiles(folder);
    const unet = rewriteUnet(readGraph(folder, "unet"), readModelConfig(FIXTURE, "tiny-sd15"));
    assert.deepEqual(files.read, ["unet/model.onnx"]);
    const [{ location = "", size = 0 } = {}] = unet.step.external;
    const data = join(folder, "unet", location);
    assert.equal(size, Deno.statSync(data).size);
    const { weights } = encodeOnnx(unet.step);
    assert.deepEqual(weights.find((file) => file.location === location)?.bytes, Deno.readFileSync(data));
    files.clear();
    if (unet.hoisted !== null) encodeOnnx(unet.hoisted.projections);
    assert.deepEqual(files.read, [], "both graphs share them");

    const late = readGraph(folder, "unet");
    Deno.utimeSync(data, 1, 1);
    assert.throws(() => late.external.map(({ bytes }) => bytes), /has changed since the model was opened/);
    Deno.truncateSync(data, size - 1);
    assert.throws(() => readGraph(folder, "unet"), /it ends after \d+ bytes, and its weights after \d+/);
    Deno.removeSync(data);
    assert.throws(() => readGraph(folder, "unet"), /the file is missing/);
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

/** LoRAs in graphs of every exporter, and what a region's LoRA leaves alone. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LoraLibrary } from "../../../compute/lora/lora_library.ts";
import { LoraMerger } from "../../../compute/lora/merge_loras.ts";
import { readModelConfig } from "../../../compute/model/config.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { LoadedParts } from "../../../compute/model/loaded_parts.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Unet } from "../../../compute/model/unet.ts";
import { rewriteUnet } from "../../../compute/model/unet_graph.ts";
import { plainConditioning, regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { ParityModels } from "../../../tools/parity/models.ts";
import { maxDifference, readSafetensors } from "../../../tools/parity/reference.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));
const MODELS = join(FIXTURES, "models");
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const config = readModelConfig(join(MODELS, "tiny-sd15"), "tiny-sd15");
const lora = new LoraLibrary(null).find("kohya locon", { config, family: "SD1" });

/** Exporters, and how far their sums may be from PyTorch's. */
const EXPORTERS = {
  "tiny-sd15-classic": 1e-4,
  "tiny-sd15-dynamo": 1e-4,
  "tiny-sd15-dynamo-raw": 1e-4,
  "tiny-sd15-dynamo23": 1e-4,
  "tiny-sd15-external": 1e-4,
  "tiny-sd15-fp16": 3e-2,
};

for (const [folder, tolerance] of Object.entries(EXPORTERS)) {
  Deno.test(`a LoRA finds its layers in the graph of ${folder}, convolutions included`, async () => {
    const reference = readSafetensors(join(FIXTURES, "oracle", "tiny-sd15", "lora.safetensors"));
    const tensor = (key: string) => reference.get(`whole/${key}`) ?? assert.fail();
    const graph = rewriteUnet(readGraph(join(MODELS, folder), "unet"), config);
    const hoisted = graph.hoisted ?? assert.fail();
    const merger = new LoraMerger(runtime, config);
    const [step, projections] = await merger.merge([graph.step, hoisted.projections], "unet", [{ lora, weight: 0.8 }]);
    assert(step !== undefined && projections !== undefined);
    const unet = await Unet.open(runtime, { ...graph, step, hoisted: { ...hoisted, projections } }, config);
    try {
      const conditioning = plainConditioning(tensor("context.0"), 8, 8, unet);
      const { data } = await unet.predict(tensor("sample"), 500, conditioning);
      assert(maxDifference(data, tensor("out").data) <= tolerance);
    } finally {
      await unet.release();
    }
  });
}

Deno.test("a region's LoRA leaves other regions' attention as it is, bit for bit", async () => {
  let layer = "";
  const unet = await new ParityModels(runtime, MODELS).openUnet("tiny-sd15", {
    alsoOutput: ({ layers: [first] }) => [layer = first?.outputProjection.output[0] ?? ""],
  });
  try {
    const reference = readSafetensors(join(FIXTURES, "oracle", "tiny-sd15", "lora.safetensors"));
    const contexts = [0, 1, 2].map((i) => reference.get(`regions/context.${i}`) ?? assert.fail());
    const maps = { count: 3, height: 8, width: 8, data: reference.get("regions/maps")?.data ?? assert.fail() };
    const sample = reference.get("regions/sample") ?? assert.fail();
    const attended = async (weight: number) => {
      const loras = weight === 0 ? [] : [{ lora, weight }];
      const own = contexts.map((context, i) => i === 2 ? { ...context, loras } : context);
      return (await unet.run(sample, 500, regionalConditioning(own, maps, unet))).get(layer)?.data ?? assert.fail();
    };
    const without = await attended(0), small = await attended(0.5), large = await attended(-2);
    const width = without.length / 64;
    const outside = Array.from({ length: 64 }, (_, n) => n).filter((n) => maps.data[2 * 64 + n] === 0);
    assert(outside.length > 20);
    for (let n = 0; n < 64; n++) {
      const row = (data: Float32Array) => data.slice(n * width, (n + 1) * width);
      if (!outside.includes(n)) {
        assert(maxDifference(row(without), row(small)) > 1e-3);
        continue;
      }
      assert.deepEqual(row(small), row(without));
      assert.deepEqual(row(large), row(without));
    }
  } finally {
    await unet.release();
  }
});

Deno.test("variants are loaded once, and a LoRA that changes no text encoder shares the model's own", async () => {
  const model = new DiffusionModel(runtime, join(MODELS, "tiny-sd21"), "tiny-sd21");
  const find = (name: string) => new LoraLibrary(null).find(name, { config: model.config, family: "SD2" });
  const unet = await model.unet([{ lora: find("metadata"), weight: 1 }]);
  assert.strictEqual(await model.unet([{ lora: find("metadata"), weight: 1 }]), unet);
  assert.notStrictEqual(await model.unet(), unet);
  const text = await model.textEncoder();
  assert.strictEqual(await model.textEncoder([{ lora: find("metadata"), weight: 1 }]), text);
  assert.notStrictEqual(await model.textEncoder([{ lora: find("kohya"), weight: 1 }]), text);
  assert.strictEqual(await model.textEncoder([{ lora: find("kohya"), weight: 0 }]), text);
  await model.release();
});

Deno.test("variants make room for each other, the one used longest ago first, and other parts stay", async () => {
  const parts = new LoadedParts();
  const released: string[] = [];
  const load = (part: string, variant: string) =>
    parts.get(
      part,
      variant,
      10,
      () =>
        Promise.resolve({ name: part + variant, release: () => Promise.resolve(void released.push(part + variant)) }),
    );
  await load("vae", "");
  await load("unet", "");
  await load("unet", "a");
  assert.deepEqual(released, ["unet"], "without spare memory one of each part is in memory");
  assert.equal(parts.extraBytes, 0);
  parts.spare = 10;
  await load("unet", "b");
  await load("unet", "a");
  assert.equal(parts.extraBytes, 10);
  await load("unet", "c");
  assert.deepEqual(released, ["unet", "unetb"]);
  await load("text", "");
  assert.deepEqual(released, ["unet", "unetb"]);
  await parts.release();
  assert.deepEqual(released.sort(), ["text", "unet", "uneta", "unetb", "unetc", "vae"].sort());
});

/** Models dropped into the models folder, through the API. */

import { strict as assert } from "node:assert";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { readGraph } from "../../compute/model/graph_file.ts";
import { finish, generate, startServer } from "./server.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/models", import.meta.url));

interface ModelAnswer {
  readonly name: string;
  readonly state: string;
  readonly refusal: string | null;
  readonly memoryBytes: number | null;
  readonly capabilities: Record<string, unknown> | null;
}

const MODELS = `{
  models {
    name state refusal memoryBytes
    capabilities {
      family distillation predictionType textEncoders sizeMultiple supportsNegativePrompt supportsRegionGuidance
      defaultSteps defaultGuidanceScale
    }
  }
}`;

/** A models folder with the named fixtures, and `broken`, a copy of tiny-sd15 with fused attention. */
function modelsFolder(...names: readonly string[]): string {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  for (const name of names) cpSync(join(FIXTURES, name), join(folder, name), { recursive: true });
  const broken = join(folder, "broken");
  cpSync(join(FIXTURES, "tiny-sd15"), broken, { recursive: true });
  const file = readGraph(broken, "unet");
  for (const node of file.graph.node) {
    if (node.opType === "MatMul") node.opType = "MatMulNBits";
  }
  writeFileSync(join(broken, "unet", "model.onnx"), toBinary(ModelProtoSchema, file.model));
  cpSync(join(FIXTURES, "tiny-sd15"), join(folder, "incomplete"), { recursive: true });
  Deno.removeSync(join(folder, "incomplete", "scheduler"), { recursive: true });
  return folder;
}

Deno.test("models are listed with what they are, or why they are refused", async () => {
  const folder = modelsFolder("tiny-sd21", "tiny-sdxl", "tiny-turbo", "tiny-lcm");
  try {
    await using server = await startServer({ environment: { PARTERRE_MODELS: folder } });
    const { models } = await server.client.request<{ models: ModelAnswer[] }>(MODELS);
    const of = (name: string) => models.find((model) => model.name === name);
    assert.deepEqual(models.map(({ name, state }) => [name, state]), [
      ["broken", "REFUSED"],
      ["incomplete", "REFUSED"],
      ["tiny-lcm", "READY"],
      ["tiny-sd21", "READY"],
      ["tiny-sdxl", "READY"],
      ["tiny-turbo", "READY"],
    ]);
    assert.match(of("broken")?.refusal ?? "", /MatMulNBits.*optimum-cli export onnx --model MODEL/);
    assert.match(of("incomplete")?.refusal ?? "", /scheduler_config\.json": the file is missing/);
    assert.partialDeepStrictEqual(of("tiny-sd21")?.capabilities, { family: "SD2", predictionType: "V_PREDICTION" });
    assert.partialDeepStrictEqual(of("tiny-sdxl")?.capabilities, { family: "SDXL", textEncoders: 2 });
    assert.partialDeepStrictEqual(of("tiny-turbo")?.capabilities, {
      distillation: "TURBO",
      defaultGuidanceScale: 1,
      supportsNegativePrompt: false,
    });
    assert.partialDeepStrictEqual(of("tiny-lcm")?.capabilities, { distillation: "LCM", supportsRegionGuidance: false });
    assert.ok((of("tiny-sdxl")?.memoryBytes ?? 0) > 1e6);

    const layout = { regions: [] };
    const { generate: { problems } } = await generate(server.client, { model: "broken", layout });
    assert.deepEqual(problems.map(({ code, field }) => [code, field]), [["UNSUPPORTED", "input.model"]]);
    assert.match(problems[0]?.rule ?? "", /MatMulNBits/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("every family paints a regional picture, and a size that the stock graph could not", async (t) => {
  const folder = modelsFolder("tiny-sd21", "tiny-sdxl", "tiny-turbo", "tiny-lcm");
  try {
    await using server = await startServer({ environment: { PARTERRE_MODELS: folder } });
    const layout = {
      grid: { direction: "ROWS", ratios: "1,2" },
      regions: [{ prompt: "a red fox", baseRatio: 0.2 }, { prompt: "a snowy mountain" }],
    };
    for (const model of ["tiny-sd21", "tiny-sdxl", "tiny-turbo", "tiny-lcm"]) {
      await t.step(model, async () => {
        const { generate: { id } } = await generate(server.client, {
          model,
          layout,
          width: 136,
          height: 104,
          steps: 2,
        });
        const { status, image, error } = await finish(server.client, id);
        assert.deepEqual([status, error, image?.width, image?.height], ["SUCCEEDED", null, 136, 104]);
      });
    }
    const { models } = await server.client.request<{ models: ModelAnswer[] }>(MODELS);
    assert.equal(models.find(({ name }) => name === "tiny-lcm")?.state, "LOADED");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

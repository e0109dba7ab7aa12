/** Embeddings through a real server: listed, counted, painted, and refused where the model has none of the name. */

import { strict as assert } from "node:assert";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readModelConfig } from "../../compute/model/config.ts";
import { readGraph } from "../../compute/model/graph_file.ts";
import { loadTokenizers } from "../../compute/model/tokenizer.ts";
import { safetensors, type StoredTensor } from "../write_safetensors.ts";
import { generate, pixelsOf, startServer } from "./server.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/models", import.meta.url));

/** An embedding of the vectors that a model's own tables have for some words: it must paint what they paint. */
function ofWords(model: string, words: string, keys: readonly string[]): Uint8Array {
  const config = readModelConfig(model, "m");
  const tensors = config.textEncoders.map(({ part, config: { hidden_size: width } }, i): [string, StoredTensor] => {
    const table = readGraph(model, part).graph.initializer.find(({ dims }) => `${dims}` === `800,${width}`);
    const rows = new Float32Array(table?.rawData.slice().buffer ?? assert.fail());
    const { rows: [row = []] = [], tokens = 0 } = loadTokenizers(config)[i]?.tokenize(words) ?? {};
    const data = row.slice(1, tokens + 1).flatMap((id) => [...rows.subarray(id * width, (id + 1) * width)]);
    return [keys[i] ?? "", { shape: [tokens, width], data }];
  });
  return safetensors(Object.fromEntries(tensors));
}

const KEYS = { "tiny-sd15": ["emb_params"], "tiny-sdxl": ["clip_l", "clip_g"] } as const;

Deno.test("an embedding of words' own vectors paints what the words paint: in regions and negatives, with weights, in both modes", async () => {
  const modelsFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    for (const [model, keys] of Object.entries(KEYS)) {
      const folder = join(modelsFolder, model);
      cpSync(join(FIXTURES, model), folder, { recursive: true });
      writeFileSync(join(folder, "embeddings", "fox.safetensors"), ofWords(folder, "red fox", keys));
    }
    await using server = await startServer({ environment: { PARTERRE_MODELS: modelsFolder } });
    for (const model of Object.keys(KEYS)) {
      for (const mode of ["ATTENTION", "LATENT"]) {
        const paint = (fox: string) =>
          pixelsOf(server.client, {
            model,
            mode,
            width: 64,
            height: 64,
            steps: 2,
            seed: 5,
            guidanceScale: 3,
            layout: {
              grid: { direction: "COLUMNS", ratios: "1,1" },
              basePrompt: `hill, ${fox}`,
              negativePrompt: `blur, (${fox}:0.7)`,
              regions: [{ prompt: `a (${fox}:1.4) in snow`, negativePrompt: fox }, { prompt: "a robot" }],
            },
          });
        assert.deepEqual(await paint("embedding:fox"), await paint("red fox"), `${model} ${mode}`);
        assert.notDeepEqual(await paint("embedding:calm"), await paint("red fox"), `${model} ${mode}`);
      }
    }
  } finally {
    rmSync(modelsFolder, { recursive: true });
  }
});

Deno.test("embeddings are listed; one that is missing or broken is a warning of the dry run and refused by generate", async () => {
  const modelsFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const folder = join(modelsFolder, "tiny-sd15");
    cpSync(join(FIXTURES, "tiny-sd15"), folder, { recursive: true });
    rmSync(join(folder, "embeddings"), { recursive: true });
    mkdirSync(join(folder, "embeddings"));
    writeFileSync(join(folder, "embeddings", "calm.safetensors"), ofWords(folder, "a boat", ["emb_params"]));
    writeFileSync(join(folder, "embeddings", "broken.safetensors"), "junk");
    await using server = await startServer({ environment: { PARTERRE_MODELS: modelsFolder } });
    const list = '{ model(name: "tiny-sd15") { embeddings { name vectors refusal } } }';
    const { model } = await server.client.request<{ model: { embeddings: unknown[] } }>(list);
    const vectors = loadTokenizers(readModelConfig(folder, "m"))[0]?.tokenize("a boat").tokens;
    const refusal = "not a safetensors file: it is shorter than its first field";
    assert.deepEqual(model.embeddings, [{ name: "broken", vectors: null, refusal }, {
      name: "calm",
      vectors,
      refusal: null,
    }]);

    const layout = {
      basePrompt: "<lyco:x:0.8> fox, embedding:clam",
      regions: [{
        prompt: "embedding:calm (embedding:broken:1.2)",
        geometry: { rectangle: { x: 0, y: 0, width: 1, height: 1 } },
      }],
    };
    const check = `query Check($input: ValidateLayoutInput!) {
      validateLayout(input: $input) {
        ... on LayoutReport {
          base { warnings { code message position } }
          regions { prompt { warnings { code message position } spans { text embedding weight } } }
        }
      }
    }`;
    const { validateLayout: report } = await server.client.request<{ validateLayout: Record<string, unknown> }>(check, {
      input: { layout, model: "tiny-sd15" },
    });
    assert.deepEqual(report, {
      base: {
        warnings: [
          { code: "EXTRA_NETWORK", message: "<lyco:x:0.8> loads nothing here and is read as words", position: 0 },
          {
            code: "UNKNOWN_EMBEDDING",
            message: '"tiny-sd15" has no embedding "clam": "calm" is the nearest',
            position: 18,
          },
        ],
      },
      regions: [{
        prompt: {
          warnings: [{
            code: "UNKNOWN_EMBEDDING",
            message: `Cannot use the embedding "broken": ${refusal}`,
            position: 16,
          }],
          spans: [
            { text: "embedding:calm", embedding: "calm", weight: 1 },
            { text: " ", embedding: null, weight: 1 },
            { text: "embedding:broken", embedding: "broken", weight: 1.2 },
          ],
        },
      }],
    });
    const { generate: { problems } } = await generate(server.client, { model: "tiny-sd15", layout });
    assert.deepEqual(problems.map(({ code, field, value }) => [code, field, value]), [
      ["UNKNOWN_EMBEDDING", "input.layout.basePrompt", '"clam"'],
      ["UNSUPPORTED", "input.layout.regions[0].prompt", '"broken"'],
    ]);
    const words = { basePrompt: "embedding\\:clam", promptSyntax: "WEIGHTED" };
    assert.ok((await generate(server.client, { model: "tiny-sd15", layout: words, steps: 1 })).generate.id);
  } finally {
    rmSync(modelsFolder, { recursive: true });
  }
});

Deno.test("a generation tells what its prompts may not have meant", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, {
    layout: { basePrompt: "a fox", regions: [{ prompt: "a {red|blue} fox --ar 2", geometry: { rest: true } }] },
    width: 64,
    height: 64,
    steps: 1,
  });
  const query = `query Warnings($id: ID!) {
    node(id: $id) { ... on Generation { layout { promptWarnings { code field position message } } } }
  }`;
  const { node } = await server.client.request<{ node: unknown }>(query, { id });
  assert.deepEqual(node, {
    layout: {
      promptWarnings: [
        {
          code: "RANDOM_CHOICE",
          field: "regions[0].prompt",
          position: 2,
          message: "{red|blue} is read as it stands: nothing is drawn, and curly braces are no weights",
        },
        {
          code: "SETTINGS_AS_TEXT",
          field: "regions[0].prompt",
          position: 17,
          message: '"--ar" sets nothing here and is read as text',
        },
      ],
    },
  });
});

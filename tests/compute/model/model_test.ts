/** Loading a model's parts and encoding prompts with them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SDXL } from "../../../compute/families/sdxl.ts";
import { ModelFolderError } from "../../../compute/model/config.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const open = (name: string) => new DiffusionModel(runtime, join(MODELS, name), name);

const LONG = new Array(76).fill("q").join(" ");

Deno.test("two encoders give contexts side by side and one pooled embedding, of the first row", async () => {
  const model = open("tiny-sdxl");
  const text = await model.textEncoder();
  const short = await text.encode("q");
  assert.deepEqual(short.context.dims, [77, 64]);
  assert.deepEqual(short.context.pooled?.dims, [40]);
  const long = await text.encode(LONG);
  assert.deepEqual(long.context.dims, [154, 64]);
  assert.deepEqual(long.rows.map((rows) => rows.length), [2, 2]);
  // The first row alone decides the pooled embedding.
  const first = await text.encode(new Array(75).fill("q").join(" "));
  assert.deepEqual(long.context.pooled, first.context.pooled);
  await model.release();
});

Deno.test("encoders whose vocabularies disagree on the number of rows are evened out with empty ones", async () => {
  const folder = await Deno.makeTempDir();
  const original = join(MODELS, "tiny-sdxl");
  for (const { name } of Deno.readDirSync(original)) {
    if (name !== "tokenizer_2") await Deno.symlink(join(original, name), join(folder, name));
  }
  // To this second tokenizer, "qqq" is one token; to the first it is three.
  const json = JSON.parse(await Deno.readTextFile(join(original, "tokenizer_2", "tokenizer.json")));
  json.added_tokens.push({ ...json.added_tokens[0], id: 1, content: "qqq" });
  await Deno.mkdir(join(folder, "tokenizer_2"));
  await Deno.writeTextFile(join(folder, "tokenizer_2", "tokenizer.json"), JSON.stringify(json));
  await Deno.copyFile(
    join(original, "tokenizer_2", "tokenizer_config.json"),
    join(folder, "tokenizer_2", "tokenizer_config.json"),
  );

  const model = new DiffusionModel(runtime, folder, "tiny-sdxl");
  const text = await model.textEncoder();
  const { rows, context } = await text.encode(`${new Array(73).fill("q").join(" ")} qqq`);
  assert.deepEqual(rows.map((own) => own.length), [2, 2]);
  assert.deepEqual(rows[1]?.[1], (await text.encode("")).rows[1]?.[0]);
  assert.deepEqual(context.dims, [154, 64]);
  await model.release();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("one encoder gives no pooled embedding, and the same text is encoded once", async () => {
  const model = open("tiny-sd15");
  const text = await model.textEncoder();
  const once = await text.encode("a red fox");
  assert.equal(once.context.pooled, null);
  assert.strictEqual(await text.encode("a red fox"), once);
  for (let i = 0; i < 64; i++) await text.encode(`${i}`);
  assert.notStrictEqual(await text.encode("a red fox"), once);
  await model.release();
});

Deno.test("parts are loaded once; a part that is missing may be tried again", async () => {
  const model = open("tiny-sd15");
  assert.strictEqual(await model.unet(), await model.unet());
  assert.deepEqual((await model.unet()).levels, [0, 1, 2]);
  await model.release();
  await assert.rejects(
    Promise.resolve().then(() => new DiffusionModel(runtime, join(MODELS, "nowhere"), "nowhere")),
    ModelFolderError,
  );
});

Deno.test("a UNet takes the kind of timestep and the inputs that its graph declares", async () => {
  for (
    const [name, elementType, ofFamily, guidanceWidth] of [
      ["tiny-turbo", "float32", null, null],
      ["tiny-sdxl", "float32", SDXL.addedInputs, null],
      ["tiny-lcm", "float32", null, 16],
    ] as const
  ) {
    const model = open(name);
    const unet = await model.unet();
    assert.equal(unet.elementType, elementType);
    assert.deepEqual(unet.added, { ofFamily, guidanceWidth, vaeFactor: 8 });
    await model.release();
  }
});

Deno.test("a tiny autoencoder whose config has no scaling factor decodes as with the 1 that diffusers assumes", async () => {
  const original = fileURLToPath(new URL("../../../models/beds-256-lcm", import.meta.url));
  const folder = await Deno.makeTempDir();
  for (const { name } of Deno.readDirSync(original)) {
    if (name !== "vae_decoder") await Deno.symlink(join(original, name), join(folder, name));
  }
  const { scaling_factor, ...config } = JSON.parse(
    await Deno.readTextFile(join(original, "vae_decoder", "config.json")),
  );
  assert.equal(scaling_factor, 1);
  await Deno.mkdir(join(folder, "vae_decoder"));
  await Deno.writeTextFile(join(folder, "vae_decoder", "config.json"), JSON.stringify(config));
  await Deno.symlink(join(original, "vae_decoder", "model.onnx"), join(folder, "vae_decoder", "model.onnx"));

  const latents = { dims: [1, 4, 4, 4], data: Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)) };
  const pictures = [];
  for (const path of [original, folder]) {
    const model = new DiffusionModel(runtime, path, "beds-256-lcm");
    pictures.push(await (await model.vaeDecoder()).decode(latents));
    await model.release();
  }
  assert.deepEqual(pictures[1], pictures[0]);
  await Deno.remove(folder, { recursive: true });
});

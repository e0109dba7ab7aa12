/** The variant that tells where words are, in the forms that exporters write; numbers of the stock form are in parity. */

import assert from "node:assert/strict";
import { plainConditioning, regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { mergeChanges } from "../../../compute/graph/merge_deltas.ts";
import { ModelLayers } from "../../../compute/lora/model_layers.ts";
import { readModelConfig } from "../../../compute/model/config.ts";
import { Unet } from "../../../compute/model/unet.ts";
import { rewriteUnet } from "../../../compute/model/unet_graph.ts";
import { fixtureModels, MODELS, unetGraph } from "./fixture_graph.ts";

const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)));

Deno.test("every form of a graph looks at words alike, and predicts what the plain variant predicts", async () => {
  const models = fixtureModels();
  const plain = await models.openUnet("tiny-sd15");
  const cells = 16 * 12, width = plain.contextWidth;
  const context = (step: number) => ({ dims: [77, width], data: wave(77 * width, step) });
  const left = Float32Array.from({ length: cells }, (_, i) => i % 16 < 7 ? 1 : 0);
  const maps = { count: 2, height: 12, width: 16, data: Float32Array.of(...left, ...left.map((w) => 1 - w)) };
  const conditioning = regionalConditioning([context(0.3), context(0.7)], maps, plain);
  const sample = { dims: [1, 4, 12, 16], data: wave(4 * cells, 0.11) };
  const tokens = { dims: [77, 2], data: Float32Array.from({ length: 154 }, (_, i) => i === 6 || i === 9 ? 1 : 0) };
  const words = { context: context(0.3), tokens };
  const prediction = (await plain.predict(sample, 401, conditioning)).data;
  await assert.rejects(plain.look(sample, 401, conditioning, words), RangeError, "it gives no such output");
  await plain.release();

  let expected: ReadonlyMap<number, { readonly data: Float32Array }> | undefined;
  for (const form of ["tiny-sd15", "tiny-sd15-dynamo-raw", "tiny-sd15-fp16"]) {
    const unet = await models.openUnet(form, { wordAttention: true });
    const look = await unet.look(sample, 401, conditioning, words);
    const half = unet.elementType === "float16";
    assert(maxDifference(look.prediction.data, prediction) <= (half ? 3e-2 : 1e-4), form);
    // Passes that look at nothing go through the same graph.
    const blind = await unet.predict(sample, 401, conditioning);
    assert(maxDifference(blind.data, look.prediction.data) <= (half ? 1e-2 : 1e-6), form);
    expected ??= look.attention;
    for (const [level, { data }] of look.attention) {
      assert(maxDifference(data, expected.get(level)?.data ?? []) <= (half ? 1e-3 : 1e-6), `${form} level ${level}`);
      assert(data.some((v) => v > 1e-3), "somebody looks");
    }
    await unet.release();
  }
});

Deno.test("words are looked for by merged weights: without any keys, every token is looked at alike", async () => {
  const { runtime } = fixtureModels();
  const config = readModelConfig(`${MODELS}/tiny-sd15`, "tiny-sd15");
  const paths = new ModelLayers(config).of("unet");
  const changes = [...paths.keys()].filter((path) => path.endsWith("attn2.to_k")).map((path) => ({
    path,
    apply: (weights: Float32Array) => Promise.resolve(weights.map(() => 0)),
  }));
  assert(changes.length > 0);
  for (const exporter of ["tiny-sd15-classic", "tiny-sd15-dynamo-raw", "tiny-sd15-dynamo23"]) {
    const graph = rewriteUnet(unetGraph(exporter), config, { wordAttention: true });
    const { file: step, missing } = await mergeChanges(graph.step, changes, paths);
    assert.deepEqual(missing, [], exporter);
    const unet = await Unet.open(runtime, { ...graph, step }, config);
    const context = { dims: [77, unet.contextWidth], data: wave(77 * unet.contextWidth, 0.3) };
    const sample = { dims: [1, 4, 8, 8], data: wave(4 * 64, 0.11) };
    const tokens = { dims: [77, 1], data: Float32Array.from({ length: 77 }, (_, i) => i === 6 ? 1 : 0) };
    const { attention } = await unet.look(sample, 401, plainConditioning(context, 8, 8, unet), { context, tokens });
    for (const { data } of attention.values()) {
      assert(maxDifference(data, data.map(() => 1 / 77)) <= 1e-6, exporter);
    }
    await unet.release();
  }
});

/** The variant that tells where words are, in the forms that exporters write; numbers of the stock form are in parity. */

import assert from "node:assert/strict";
import { regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import { maxDifference } from "../../../parity/reference.ts";
import { fixtureModels } from "./fixture_graph.ts";

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

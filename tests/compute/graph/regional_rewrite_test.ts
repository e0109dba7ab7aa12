/** Regions stay apart in every export form, and are one prompt where they share it. */

import assert from "node:assert/strict";
import { rewriteCrossAttention } from "../../../compute/graph/regional_rewrite.ts";
import { plainConditioning, regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import { passes } from "../../../tools/parity/case.ts";
import { checkIsolation } from "../../../tools/parity/isolation.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../tools/parity/reference.ts";
import { describeResult } from "../../parity/describe_result.ts";
import { fixtureModels, ORACLE, unetGraph } from "./fixture_graph.ts";

for (
  const [oracle, model] of [
    ["tiny-sd15", "tiny-sd15-classic"],
    ["tiny-sd15", "tiny-sd15-dynamo"],
    ["tiny-sd15", "tiny-sd15-dynamo-raw"],
    ["tiny-sd15", "tiny-sd15-dynamo23"],
    ["tiny-sd15", "tiny-sd15-fp16"],
    ["tiny-sd21", "tiny-sd21-classic-fp16"],
  ] as const
) {
  Deno.test(`a region's context reaches nothing outside it in ${model}`, async (t) => {
    const models = fixtureModels();
    const document = { ...readReferenceJson<object>(`${ORACLE}/${oracle}/isolation.json`), model };
    const tensors = readSafetensors(`${ORACLE}/${oracle}/isolation.safetensors`);
    let compared = 0;
    for await (const result of checkIsolation(document, tensors, models)) {
      compared++;
      await t.step(result.name, () => assert(passes(result), describeResult(result)));
    }
    assert.equal(compared, 5);
    await models.release();
  });
}

for (const model of ["tiny-sd15", "tiny-sd15-dynamo23", "tiny-sd21", "tiny-turbo", "tiny-sdxl", "tiny-lcm"]) {
  Deno.test(`regions that share a prompt paint as one in ${model}`, async () => {
    const models = fixtureModels();
    const unet = await models.unet(model);
    const [height, width, count] = [13, 18, 4];
    const cells = height * width;
    const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)));
    const context = {
      dims: [77, unet.contextWidth],
      data: wave(77 * unet.contextWidth, 0.7),
      pooled: { dims: [40], data: wave(40, 1.3) },
    };
    const data = new Float32Array(count * cells);
    for (let i = 0; i < cells; i++) {
      const raw = Array.from({ length: count }, (_, r) => 1 + Math.sin((r + 1) * i));
      const sum = raw.reduce((a, b) => a + b);
      raw.forEach((v, r) => data[r * cells + i] = v / sum);
    }
    const sample = { dims: [1, 4, height, width], data: wave(4 * cells, 0.3) };
    const options = { guidance: 6 };
    const contexts = new Array(count).fill(context);
    const maps = { count, height, width, data };
    const plain = await unet.predict(sample, 601, plainConditioning(context, height, width, unet, options));
    const regional = await unet.predict(sample, 601, regionalConditioning(contexts, maps, unet, options));
    const difference = maxDifference(plain.data, regional.data);
    assert(difference <= 1e-4, `differs by ${difference}`);
    await models.release();
  });
}

Deno.test("the rewritten graph takes contexts, mask and weight maps in place of the context, and nothing else", () => {
  const file = unetGraph("tiny-sdxl");
  const { layers, levels } = rewriteCrossAttention(file, { headsAtLevel: () => undefined });
  assert.equal(layers.length, 11);
  assert.deepEqual(levels, [1, 2]);
  assert.deepEqual(
    file.graph.input.map((input) => input.name).sort(),
    [
      "regional_contexts",
      "regional_mask",
      "regional_value_signs",
      "regional_weights_1",
      "regional_weights_2",
      "sample",
      "text_embeds",
      "time_ids",
      "timestep",
    ],
  );
  assert.deepEqual(file.graph.output.map((output) => output.name), ["out_sample"]);
});

Deno.test("no node and no weight is left that nothing reads", () => {
  const file = unetGraph("tiny-sd15-dynamo23");
  rewriteCrossAttention(file, { headsAtLevel: () => 2 });
  const { node, initializer, output } = file.graph;
  const read = new Set([...node.flatMap((n) => n.input), ...output.map((o) => o.name)]);
  assert.deepEqual(initializer.filter((tensor) => !read.has(tensor.name)), []);
  assert.deepEqual(node.filter((n) => !n.output.some((name) => read.has(name))), []);
  // Cross-attention was 7 of the 14.
  assert.equal(node.filter((n) => n.opType === "Attention").length, 7);
});

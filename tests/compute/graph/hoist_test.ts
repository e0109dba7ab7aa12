/** Keys and values computed once give what keys and values computed at every step give. */

import assert from "node:assert/strict";
import { hoistKeysAndValues } from "../../../compute/graph/hoist.ts";
import { rewriteCrossAttention } from "../../../compute/graph/regional_rewrite.ts";
import { plainConditioning, regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { fixtureModels, unetGraph } from "./fixture_graph.ts";

const FORMS = [
  "tiny-sd15",
  "tiny-sd15-classic",
  "tiny-sd15-dynamo",
  "tiny-sd15-dynamo-raw",
  "tiny-sd15-dynamo23",
  "tiny-sd15-external",
  "tiny-sd15-fp16",
  "tiny-sd21-classic-fp16",
  "tiny-sdxl",
  "tiny-lcm",
];

const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)));

for (const model of FORMS) {
  Deno.test(`hoisted keys and values give the same predictions in ${model}`, async () => {
    const models = fixtureModels();
    const inline = await models.openUnet(model, { keysAndValues: "inline" });
    const hoisted = await models.openUnet(model, { keysAndValues: "hoisted" });
    const width = inline.contextWidth;
    const context = (tokens: number, step: number) => ({
      dims: [tokens, width],
      data: wave(tokens * width, step),
      pooled: { dims: [40], data: wave(40, step) },
    });
    const cells = 16 * 16;
    const left = Float32Array.from({ length: cells }, (_, i) => i % 16 < 6 ? 1 : 0.25);
    const maps = { count: 2, height: 16, width: 16, data: Float32Array.of(...left, ...left.map((w) => 1 - w)) };
    const options = { guidance: 4 };
    const regional = regionalConditioning([context(77, 0.3), context(154, 0.9)], maps, inline, options);
    const plain = plainConditioning(context(77, 0.5), 16, 16, inline, options);

    // Twice over, so that what was computed once is used again, and in turns, so that it is not confused.
    for (const conditioning of [regional, plain, regional, plain]) {
      const sample = { dims: [1, 4, 16, 16], data: wave(4 * cells, 0.11) };
      const a = await inline.predict(sample, 401, conditioning);
      const b = await hoisted.predict(sample, 401, conditioning);
      const difference = maxDifference(a.data, b.data);
      // Between the two graphs float16 keys and values are rounded, which inside one graph the engine may spare itself.
      // A float16 step is off by 7.4e-3 from float32 in these models.
      assert(difference <= (inline.elementType === "float16" ? 7.4e-3 : 1e-5), `differs by ${difference}`);
    }
    await inline.release();
    await hoisted.release();
  });
}

Deno.test("the step graph is left without context projections, the other graph without anything else", () => {
  const file = unetGraph("tiny-sdxl");
  const rewrite = rewriteCrossAttention(file, { headsAtLevel: () => undefined });
  const before = file.graph.node.filter((node) => node.opType === "MatMul").length;
  const { projections, names } = hoistKeysAndValues(file, rewrite);
  assert.equal(names.length, 22);
  assert.deepEqual(projections.graph.input.map((input) => input.name), ["regional_contexts", "regional_value_signs"]);
  assert.deepEqual(projections.graph.output.map((output) => output.name), names);
  assert.equal(projections.graph.node.filter((node) => node.opType === "MatMul").length, 22);
  assert.equal(file.graph.node.filter((node) => node.opType === "MatMul").length, before - 22);
  assert(!file.graph.input.some((input) => input.name === "regional_contexts"));
  // The weights are divided, not doubled.
  const own = new Set(projections.graph.initializer.map((tensor) => tensor.name));
  const shared = file.graph.initializer.filter((tensor) => own.has(tensor.name));
  assert(shared.every((tensor) => tensor.rawData.length <= 64), `${shared.map((tensor) => tensor.name)}`);
  assert.strictEqual(projections.bytes, file.bytes);
});

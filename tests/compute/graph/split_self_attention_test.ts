/** Self-attention in parts gives what self-attention whole gives. */

import { strict as assert } from "node:assert";
import { encodeOnnx } from "../../../compute/graph/onnx_file.ts";
import { prune } from "../../../compute/graph/prune.ts";
import { splitSelfAttention } from "../../../compute/graph/split_self_attention.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { unetGraph } from "./fixture_graph.ts";

const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });

function wave(length: number, step: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * step));
}

for (const model of ["tiny-sd15", "tiny-sd15-dynamo", "tiny-sd15-anysize"]) {
  Deno.test(`self-attention in parts equals self-attention whole in ${model}`, async () => {
    const whole = unetGraph(model);
    const split = unetGraph(model);
    prune(split.graph);
    // Self-attention and cross-attention, 7 each: this graph is not rewritten.
    assert.equal(splitSelfAttention(split, 3), 14);
    const [height, width] = model.endsWith("anysize") ? [9, 7] : [16, 12];
    const outputs: Float32Array[] = [];
    for (const file of [whole, split]) {
      const session = await runtime.createSession(encodeOnnx(file));
      const contextWidth = Number(session.inputs.find(({ name }) => name === "encoder_hidden_states")?.shape[2]);
      const results = await session.run({
        sample: { dims: [1, 4, height, width], data: wave(4 * height * width, 0.37) },
        timestep: { dims: [], data: Float32Array.of(321) },
        encoder_hidden_states: { dims: [1, 77, contextWidth], data: wave(77 * contextWidth, 0.11) },
      });
      outputs.push(results.get("out_sample")?.data ?? new Float32Array());
      await session.release();
    }
    const [a = new Float32Array(), b = new Float32Array()] = outputs;
    assert.equal(a.length, 4 * height * width);
    assert.ok(maxDifference(a, b) <= 1e-5, `differs by ${maxDifference(a, b)}`);
  });
}

/** Upsamplings follow their skip connection, so that a stock graph takes latents of any size. */

import assert from "node:assert/strict";
import { followSkipConnections } from "../../../compute/graph/any_size.ts";
import { encodeOnnx } from "../../../compute/graph/onnx_file.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { unetGraph } from "./fixture_graph.ts";

const FORMS = ["tiny-sd15", "tiny-sd15-classic", "tiny-sd15-dynamo", "tiny-sd15-dynamo-raw", "tiny-sd15-dynamo23"];

for (const model of FORMS) {
  Deno.test(`both upsamplings of ${model} are freed`, () => {
    const file = unetGraph(model);
    assert.equal(followSkipConnections(file), 2);
    assert.equal(followSkipConnections(file), 0);
  });
}

Deno.test("a graph that was traced at an odd size is left alone", () => {
  const file = unetGraph("tiny-sd15-anysize");
  const before = file.graph.node.length;
  assert.equal(followSkipConnections(file), 0);
  assert.equal(file.graph.node.length, before);
});

Deno.test("the stock graph fails at 17x23 and runs there once rewritten, with the numbers of the free export", async () => {
  const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
  const dims = [1, 4, 17, 23];
  const feeds = {
    sample: { dims, data: Float32Array.from({ length: 4 * 17 * 23 }, (_, i) => Math.sin(i)) },
    timestep: { dims: [], data: Float32Array.of(500) },
    encoder_hidden_states: { dims: [1, 77, 32], data: Float32Array.from({ length: 77 * 32 }, (_, i) => Math.cos(i)) },
  };
  const run = async (model: string, rewrite: boolean) => {
    const file = unetGraph(model);
    if (rewrite) followSkipConnections(file);
    const session = await runtime.createSession(encodeOnnx(file));
    try {
      return (await session.run(feeds)).get("out_sample");
    } finally {
      await session.release();
    }
  };
  await assert.rejects(run("tiny-sd15", false));
  const rewritten = await run("tiny-sd15", true);
  const free = await run("tiny-sd15-anysize", false);
  assert.deepEqual(rewritten?.dims, dims);
  const worst = free?.data.reduce((max, v, i) => Math.max(max, Math.abs(v - (rewritten?.data[i] ?? NaN))), 0);
  assert(worst !== undefined && worst < 1e-5, `differs by ${worst}`);
});

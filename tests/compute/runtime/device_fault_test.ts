/** The GPU reports an error in the middle of a run: what it computed cannot be trusted. */

import assert from "node:assert/strict";
import { RuntimeError } from "../../../compute/runtime/runtime.ts";
import { EDGE, matmulGraph } from "../../conformance/small_graphs.ts";
import { openWebgpu, WITHOUT_WEBGPU } from "../../conformance/webgpu.ts";
import { atNextSubmit } from "./device_trouble.ts";

const ignore = WITHOUT_WEBGPU !== undefined;
if (ignore) console.log(`Left out: runs during which the device reports an error (${WITHOUT_WEBGPU})`);

/** What the engine looks for itself, and what only the device's event tells. */
const TROUBLE: Readonly<Record<string, (device: GPUDevice) => void>> = {
  "Buffer size 1125899906842624 is greater": (device) => {
    device.createBuffer({ size: 2 ** 50, usage: GPUBufferUsage.STORAGE });
  },
  "the GPU reports: no memory left": (device) => {
    const error = new GPUOutOfMemoryError("no memory left");
    device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error, cancelable: true }));
  },
};

Deno.test("a run during which the device reports an error fails with its words; the next succeeds", {
  ignore,
}, async () => {
  let trouble = (_device: GPUDevice) => {};
  const disturb = atNextSubmit((device) => trouble(device));
  const runtime = await openWebgpu();
  const weights = new Float32Array(EDGE * EDGE).fill(0.5);
  const session = await runtime.createSession(matmulGraph(weights, weights));
  const feeds = { x: { dims: [1, EDGE], data: new Float32Array(EDGE).fill(1) } };
  for (const [words, act] of Object.entries(TROUBLE)) {
    trouble = act;
    disturb();
    await assert.rejects(session.run(feeds), (error) => error instanceof RuntimeError && error.message.includes(words));
    const y = (await session.run(feeds)).get("y");
    assert.deepEqual([...y?.data ?? []], new Array(EDGE).fill(EDGE * EDGE / 4));
  }
  await session.release();
  runtime.dispose();
});

/** The GPU goes away in the middle of a run. The engine's module is of no use after that, so this is a file of its own. */

import assert from "node:assert/strict";
import { DeviceLostError } from "../../../compute/runtime/runtime.ts";
import { EDGE, matmulGraph } from "../../conformance/small_graphs.ts";
import { openWebgpu, WITHOUT_WEBGPU } from "../../conformance/webgpu.ts";
import { loseDeviceAtNextSubmit } from "./device_trouble.ts";

const ignore = WITHOUT_WEBGPU !== undefined;
if (ignore) console.log(`Left out: runs that lose their device (${WITHOUT_WEBGPU})`);

Deno.test("a run that loses its device fails with DEVICE_LOST, and so does every later one", { ignore }, async () => {
  const lose = loseDeviceAtNextSubmit();
  const runtime = await openWebgpu();
  const weights = new Float32Array(EDGE * EDGE).fill(0.5);
  const session = await runtime.createSession(matmulGraph(weights, weights));
  const feeds = { x: { dims: [1, EDGE], data: new Float32Array(EDGE).fill(1) } };
  await session.run(feeds);
  lose();
  const isLoss = (error: unknown) => error instanceof DeviceLostError && error.code === "DEVICE_LOST";
  await Promise.all([assert.rejects(session.run(feeds), isLoss), assert.rejects(session.run(feeds), isLoss)]);
  await assert.rejects(runtime.createSession(matmulGraph(weights, weights)), isLoss);
  await session.release();
});

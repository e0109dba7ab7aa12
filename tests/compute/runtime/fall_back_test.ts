/** The GPU goes away in the middle of a generation. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { Compute, type GenerationOutcome } from "../../../compute/worker/compute.ts";
import { WITHOUT_WEBGPU } from "../../conformance/webgpu.ts";
import { requestFor } from "../../jobs/requests.ts";
import { LOSE } from "./device_trouble.ts";

const ignore = WITHOUT_WEBGPU !== undefined;
if (ignore) console.log(`Left out: falling back when a device is lost (${WITHOUT_WEBGPU})`);

const modelsFolder = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const script = new URL("./losing_worker.ts", import.meta.url);

const REQUEST: GenerationRequest = {
  ...requestFor("a garden"),
  model: "tiny-sd15",
  width: 64,
  height: 64,
  steps: 3,
  sampler: "euler-ancestral",
  guidanceScale: 1,
};

function picture(outcome: GenerationOutcome): readonly number[] {
  assert.equal(outcome.type, "IMAGE", JSON.stringify(outcome));
  return [...outcome.image.data];
}

Deno.test("a generation that loses its device is painted on WASM from its start", { ignore }, async () => {
  const onWasm = await Compute.start({ modelsFolder, threads: 1 });
  const expected = picture(await onWasm.generate(REQUEST));
  onWasm.close();

  const compute = await Compute.start({ modelsFolder, threads: 1, provider: "webgpu" }, script);
  using channel = { post: new BroadcastChannel(LOSE), [Symbol.dispose]: () => channel.post.close() };
  try {
    assert.equal(compute.runtime.provider, "webgpu");
    const steps: number[] = [];
    const outcome = await compute.generate(REQUEST, {
      onStep: ({ step }) => {
        steps.push(step);
        if (steps.length === 1) channel.post.postMessage("now");
      },
    });
    assert.deepEqual(picture(outcome), expected);
    assert.deepEqual(outcome.fellBackFrom, {
      provider: "webgpu",
      reason: "Cannot compute any more: the device was lost: it was destroyed",
    });
    assert.deepEqual(steps.slice(-3), [1, 2, 3]);
    assert.ok(steps.length > 3, "it was lost before the first step, or never");

    assert.equal(compute.runtime.provider, "wasm");
    assert.deepEqual(compute.runtime.rejected, [outcome.fellBackFrom]);
    const next = await compute.generate(REQUEST);
    assert.deepEqual(picture(next), expected);
    assert.equal(next.fellBackFrom, undefined);
  } finally {
    compute.close();
  }
});

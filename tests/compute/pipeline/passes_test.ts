/** Predictions are foretold as they are made. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { passesByStep, type PassRequest } from "../../../compute/pipeline/passes.ts";
import type { PictureRequest } from "../../../compute/pipeline/request.ts";
import type { Runtime, Session } from "../../../compute/runtime/runtime.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { type Layout, PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../../layout/layout.ts";
import { requestFor } from "../../jobs/requests.ts";

const region = (name: string, x: number, changes: Partial<Region> = {}): Region => ({
  ...PLAIN_REGION,
  name,
  prompt: name,
  baseRatio: 0.1,
  geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 },
  ...changes,
});
const regions = (...changes: Partial<Region>[]): Layout => ({
  ...PLAIN_LAYOUT,
  basePrompt: "a garden",
  regions: changes.map((change, i) => region(`region ${i}`, i % 2 / 2, change)),
});

type TestRequest = PassRequest & Pick<PictureRequest, "init">;

/** Four steps, guided, in one call each. */
const REQUEST: TestRequest = {
  layout: regions({}, {}),
  width: 64,
  height: 64,
  steps: 4,
  sampler: "euler",
  mode: "attention",
  guidanceScale: 5,
  guidanceStart: 0,
  guidanceEnd: 1,
};
const LATENT: TestRequest = { ...REQUEST, mode: "latent" };

const HALF = { image: "grey", strength: 0.5, mask: null };
const IMAGES = new Map([["grey", { width: 1, height: 1, data: Uint8Array.of(128, 128, 128, 255) }]]);

const reroll = (lockRest: boolean) => ({ of: "another", regions: [{ name: "region 0", seed: 3 }], lockRest });

/** What is asked, and the predictions of each step, counted by hand. `calls` is the sampler's: Heun's are 7. */
const CASES: readonly {
  readonly name: string;
  readonly request: TestRequest;
  readonly sampler?: "heun";
  readonly expected: readonly number[];
}[] = [
  { name: "attention mode takes one of each polarity", request: REQUEST, expected: [2, 2, 2, 2] },
  {
    name: "from a picture, the steps of its strength are taken",
    request: { ...REQUEST, init: HALF },
    expected: [2, 2],
  },
  {
    name: "and with two calls a step, whole steps",
    request: { ...REQUEST, init: HALF },
    sampler: "heun",
    expected: [4, 2],
  },
  { name: "without guidance, one", request: { ...REQUEST, guidanceScale: 1 }, expected: [1, 1, 1, 1] },
  {
    name: "a region that is guided guides the picture",
    request: { ...REQUEST, guidanceScale: 1, layout: regions({ guidanceScale: 3 }, {}) },
    expected: [2, 2, 2, 2],
  },
  {
    name: "outside of the guided steps, one",
    request: { ...REQUEST, guidanceStart: 0.25, guidanceEnd: 0.75 },
    expected: [1, 2, 2, 1],
  },
  {
    name: "latent mode takes one of the base and each region, and one negative for all",
    request: LATENT,
    expected: [4, 4, 4, 4],
  },
  {
    name: "negative prompts that differ take one each",
    request: { ...LATENT, layout: regions({ negativePrompt: "fog" }, {}) },
    expected: [6, 6, 6, 6],
  },
  {
    name: "regions count while they paint",
    request: { ...LATENT, guidanceScale: 1, layout: regions({ end: 0.5 }, { start: 0.25 }, { enabled: false }) },
    expected: [2, 3, 2, 2],
  },
  {
    name: "two calls a step take twice as many, but for the last step",
    request: REQUEST,
    sampler: "heun",
    expected: [4, 4, 4, 2],
  },
  {
    name: "a re-roll that holds the rest takes what it holds to as well, one that does not takes no more",
    request: { ...REQUEST, rerolls: [reroll(true), reroll(false), reroll(true), reroll(true)] },
    expected: [6, 6, 6, 6],
  },
  {
    name: "attention mode for some of the steps takes its own predictions there, and latent mode's after them",
    request: { ...REQUEST, modeUntil: 0.5 },
    expected: [2, 2, 4, 4],
  },
  { name: "and in latent mode as well", request: LATENT, sampler: "heun", expected: [8, 8, 8, 4] },
];

/** Counts the runs of the session that predicts: the one that is told a timestep. */
function counting(inner: Runtime): { readonly runtime: Runtime; readonly predictions: () => number } {
  let count = 0;
  const createSession = async (...args: Parameters<Runtime["createSession"]>): Promise<Session> => {
    const session = await inner.createSession(...args);
    if (!session.inputs.some(({ name }) => name === "timestep")) return session;
    const run: Session["run"] = (...feeds) => {
      count++;
      return session.run(...feeds);
    };
    return { inputs: session.inputs, outputs: session.outputs, run, release: () => session.release() };
  };
  return { runtime: { ...inner, createSession }, predictions: () => count };
}

const open = (runtime: Runtime, name: string) =>
  new DiffusionModel(runtime, fileURLToPath(new URL(`../../fixtures/models/${name}`, import.meta.url)), name);

Deno.test("every step makes the predictions that were foretold", async (t) => {
  const { runtime, predictions } = counting(createWasmRuntime({ threads: 1, reason: "tests run on WASM" }));
  const model = open(runtime, "tiny-sd15");
  const pipeline = new Pipeline(model);
  for (const { name, request, sampler = "euler", expected } of CASES) {
    await t.step(name, async () => {
      const calls = sampler === "heun" ? 7 : 4;
      assert.deepEqual(passesByStep({ ...request, sampler }, { calls, guidanceEmbedded: false }), expected);
      const whole = { ...requestFor("a garden"), ...request, sampler, model: "tiny-sd15" };
      const counted: number[] = [], told: number[] = [], left: number[] = [];
      let before = predictions();
      for await (const output of pipeline.generate(whole, IMAGES)) {
        if (output.type !== "STEP") continue;
        counted.push(predictions() - before);
        before = predictions();
        told.push(output.passes);
        left.push(output.passesLeft);
      }
      assert.deepEqual(counted, expected);
      assert.deepEqual(told, expected);
      assert.deepEqual(left, expected.map((_, i) => expected.slice(i + 1).reduce((sum, n) => sum + n, 0)));
    });
  }
  await model.release();
});

Deno.test("a UNet that takes the guidance scale as an input predicts once", async () => {
  const { runtime, predictions } = counting(createWasmRuntime({ threads: 1, reason: "tests run on WASM" }));
  const model = open(runtime, "tiny-lcm");
  const request = { ...requestFor("a garden"), ...REQUEST, model: "tiny-lcm", sampler: "lcm" };
  for await (const output of new Pipeline(model).generate(request)) {
    if (output.type === "STEP") assert.deepEqual([output.passes, output.passesLeft], [1, 4 - output.step]);
  }
  assert.equal(predictions(), 4);
  await model.release();
});

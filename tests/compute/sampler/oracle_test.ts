/** Every sampler against step-by-step traces of its diffusers counterpart. */

import assert from "node:assert/strict";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../tools/parity/reference.ts";
import { FAKE_MODELS, type FakeModel, SamplerTraces } from "../../../tools/parity/sampler_traces.ts";

const stem = new URL("../../fixtures/oracle/samplers", import.meta.url).href;
const traces = new SamplerTraces(
  readReferenceJson(new URL(`${stem}.json`)),
  readSafetensors(new URL(`${stem}.safetensors`)),
);

for (const c of traces.cases) {
  Deno.test(`${c.name} follows diffusers' ${c.scheduler}`, () => {
    let sampler = traces.create(c);
    assert.ok(maxDifference(sampler.timesteps, c.timesteps_all) < 1e-3, `timesteps ${sampler.timesteps}`);
    const initError = Math.abs(sampler.initNoiseSigma / c.init_noise_sigma - 1);
    assert.ok(initError < 1e-6, `initNoiseSigma ${sampler.initNoiseSigma}`);

    const begin = c.begin_index ?? 0;
    const tolerance = c.name === "euler-v-zsnr-trailing" ? 1e-4 : 1e-5;
    for (const model of Object.keys(FAKE_MODELS) as FakeModel[]) {
      sampler = traces.create(c);
      const scale = Math.max(1, model === "linear" ? c.scale_linear : c.scale_tanh);
      let x = traces.firstSample(c, sampler);
      const startError = maxDifference(x, traces.expectedFirst(c)) / Math.max(1, sampler.initNoiseSigma);
      assert.ok(startError < 1e-6, `begins ${startError} off`);

      let drawn = 0;
      for (let i = begin; i < sampler.timesteps.length; i++) {
        const output = FAKE_MODELS[model](sampler.scaleInput(x, i), sampler.timesteps[i] ?? NaN);
        x = sampler.step(output, i, x, () => traces.noiseAt(++drawn)).sample;
        const error = maxDifference(x, traces.expectedSample(c, model, i - begin)) / scale;
        assert.ok(error < tolerance, `${model}: call ${i} is ${error} off`);
      }
      assert.equal(drawn, c.uses_noise);
    }
  });
}

/** Every sampler against step-by-step traces of its diffusers counterpart. */

import assert from "node:assert/strict";
import { createFromDiffusers } from "../../../compute/sampler/registry.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../parity/reference.ts";

interface Case {
  readonly name: string;
  readonly scheduler: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly extra: { timesteps?: string; sigmas?: string; eta?: number; strength?: number };
  readonly timesteps_all: readonly number[];
  readonly timesteps: readonly number[];
  readonly init_noise_sigma: number;
  readonly begin_index?: number;
  readonly uses_noise: number;
  readonly scale_linear: number;
  readonly scale_tanh: number;
}

interface Oracle {
  readonly cases: readonly Case[];
  readonly base_kwargs: Readonly<Record<string, unknown>>;
  readonly ays: Readonly<Record<string, readonly number[]>>;
}

const stem = new URL("../../fixtures/oracle/samplers", import.meta.url).href;
const oracle = readReferenceJson<Oracle>(new URL(`${stem}.json`));
const tensors = readSafetensors(new URL(`${stem}.safetensors`));

function data(key: string): Float32Array {
  const found = tensors.get(key);
  assert.ok(found, `no tensor ${key}`);
  return found.data;
}

const fakes = {
  linear: (x: Float32Array, t: number) => x.map((v) => v * (t / (t + 1))),
  tanh: (x: Float32Array, t: number) => x.map((v) => 0.5 * Math.tanh(v) + 0.1 * v * Math.cos(t / 200)),
};

const start = data("start");

/** The `n`th stored noise tensor. */
function noiseAt(n: number): Float32Array {
  return data("noise").slice(n * start.length, (n + 1) * start.length);
}

function ays(table: string): readonly number[] {
  const found = oracle.ays[table];
  assert.ok(found, `no table ${table}`);
  return found;
}

function make({ scheduler, kwargs, steps, extra, begin_index }: Case) {
  return createFromDiffusers(scheduler, { ...oracle.base_kwargs, ...kwargs }, steps, {
    ...(extra.timesteps === undefined ? {} : { timesteps: ays(extra.timesteps) }),
    ...(extra.sigmas === undefined ? {} : { sigmas: ays(extra.sigmas) }),
    ...(extra.eta === undefined ? {} : { eta: extra.eta }),
    ...(begin_index === undefined ? {} : { begin: begin_index }),
  });
}

for (const c of oracle.cases) {
  Deno.test(`${c.name} follows diffusers' ${c.scheduler}`, () => {
    let sampler = make(c);
    assert.ok(maxDifference(sampler.timesteps, c.timesteps_all) < 1e-3, `timesteps ${sampler.timesteps}`);
    const initError = Math.abs(sampler.initNoiseSigma / c.init_noise_sigma - 1);
    assert.ok(initError < 1e-6, `initNoiseSigma ${sampler.initNoiseSigma}`);

    const begin = c.begin_index ?? 0;
    const tolerance = c.name === "euler-v-zsnr-trailing" ? 1e-4 : 1e-5;
    for (const [model, fake] of Object.entries(fakes)) {
      sampler = make(c);
      const scale = Math.max(1, model === "linear" ? c.scale_linear : c.scale_tanh);
      let x: Float32Array = c.begin_index === undefined
        ? start.map((v) => v * sampler.initNoiseSigma)
        : sampler.addNoise(start, noiseAt(0), begin);
      const startError = maxDifference(x, data(`begin/${c.name}`)) / Math.max(1, sampler.initNoiseSigma);
      assert.ok(startError < 1e-6, `begins ${startError} off`);

      const want = data(`samples/${c.name}/${model}`);
      let drawn = 0;
      for (let i = begin; i < sampler.timesteps.length; i++) {
        const output = fake(sampler.scaleInput(x, i), sampler.timesteps[i] ?? NaN);
        x = sampler.step(output, i, x, () => noiseAt(++drawn)).sample;
        const k = i - begin;
        const error = maxDifference(x, want.subarray(k * x.length, (k + 1) * x.length)) / scale;
        assert.ok(error < tolerance, `${model}: call ${i} is ${error} off`);
      }
      assert.equal(drawn, c.uses_noise);
    }
  });
}

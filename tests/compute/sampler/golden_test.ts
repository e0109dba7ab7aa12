/** Whole runs against the numbers that diffusers' own tests expect. */

import assert from "node:assert/strict";
import { createFromDiffusers, type SamplerOptions } from "../../../compute/sampler/registry.ts";

// Expected values and settings: tests/schedulers/test_scheduler_*.py in diffusers (Apache-2.0).

const COUNT = 4 * 3 * 8 * 8;
const sampleDeter = Float32Array.from({ length: COUNT }, (_, i) => i / COUNT);
const noiseDeter = sampleDeter.toReversed();

interface Golden {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps?: number;
  readonly options?: SamplerOptions;
  readonly sum?: number;
  readonly mean?: number;
}

const TRAINED_1000 = { num_train_timesteps: 1000, beta_start: 0.0001, beta_end: 0.02, beta_schedule: "linear" };
const TRAINED_1100 = { ...TRAINED_1000, num_train_timesteps: 1100 };
const KARRAS = { use_karras_sigmas: true };
const V = { prediction_type: "v_prediction" };
const DPM = { ...TRAINED_1000, lower_order_final: false, final_sigmas_type: "sigma_min" };
const UNIPC = { ...TRAINED_1000, final_sigmas_type: "sigma_min" };

const euler = { className: "EulerDiscreteScheduler", config: TRAINED_1100 };
const heun = { className: "HeunDiscreteScheduler", config: TRAINED_1100 };
const lms = { className: "LMSDiscreteScheduler", config: TRAINED_1100 };
const dpm = { className: "DPMSolverMultistepScheduler", config: DPM };
const unipc = { className: "UniPCMultistepScheduler", config: UNIPC };
const ddim = { className: "DDIMScheduler", config: TRAINED_1000 };
const pndm = { className: "PNDMScheduler", config: TRAINED_1000 };
const lcm = { className: "LCMScheduler", config: {} };
const tcd = { className: "TCDScheduler", config: {}, options: { eta: 0 } };

const goldens: readonly Golden[] = [
  { name: "Euler", ...euler, sum: 10.0807, mean: 0.0131 },
  { name: "Euler, v prediction", ...euler, config: { ...TRAINED_1100, ...V }, sum: 0.0002 },
  { name: "Euler Karras", ...euler, config: { ...TRAINED_1100, ...KARRAS }, sum: 124.523, mean: 0.16214 },
  { name: "Euler from step 8", ...euler, options: { begin: 8 }, sum: 57062.9297 },
  { name: "DPM++ 2M", ...dpm, mean: 0.3301 },
  { name: "DPM++ 2M, v prediction", ...dpm, config: { ...DPM, ...V }, mean: 0.2251 },
  { name: "DPM++ 2M Karras, v prediction", ...dpm, config: { ...DPM, ...V, ...KARRAS }, mean: 0.2096 },
  { name: "DPM++ 2M Lu, v prediction", ...dpm, config: { ...DPM, ...V, use_lu_lambdas: true }, mean: 0.1554 },
  { name: "DPM++ 2M from step 5", ...dpm, options: { begin: 5 }, sum: 318.4111, mean: 0.4146 },
  { name: "DDIM", ...ddim, sum: 172.0067, mean: 0.223967 },
  { name: "DDIM, v prediction", ...ddim, config: { ...TRAINED_1000, ...V }, sum: 52.5302, mean: 0.0684 },
  { name: "DDIM to alpha 1", ...ddim, config: { ...TRAINED_1000, beta_start: 0.01 }, sum: 149.8295 },
  {
    name: "DDIM to the first alpha",
    ...ddim,
    config: { ...TRAINED_1000, beta_start: 0.01, set_alpha_to_one: false },
    sum: 149.0784,
  },
  { name: "DDIM from step 8", ...ddim, options: { begin: 8 }, sum: 354.5418, mean: 0.4616 },
  { name: "UniPC", ...unipc, mean: 0.2464 },
  { name: "UniPC Karras", ...unipc, config: { ...UNIPC, ...KARRAS }, mean: 0.2925 },
  { name: "UniPC, v prediction", ...unipc, config: { ...UNIPC, ...V }, mean: 0.1014 },
  { name: "UniPC Karras, v prediction", ...unipc, config: { ...UNIPC, ...V, ...KARRAS }, mean: 0.1966 },
  { name: "PNDM with a Runge-Kutta start", ...pndm, sum: 198.1318, mean: 0.258 },
  { name: "PNDM, v prediction", ...pndm, config: { ...TRAINED_1000, ...V }, sum: 67.3986, mean: 0.0878 },
  {
    name: "PNDM to alpha 1",
    ...pndm,
    config: { ...TRAINED_1000, beta_start: 0.01, set_alpha_to_one: true },
    sum: 230.0399,
  },
  { name: "PNDM to the first alpha", ...pndm, config: { ...TRAINED_1000, beta_start: 0.01 }, sum: 186.9482 },
  { name: "LMS", ...lms, sum: 1006.388, mean: 1.31 },
  { name: "LMS Karras", ...lms, config: { ...TRAINED_1100, ...KARRAS }, sum: 3812.9927, mean: 4.9648 },
  { name: "Heun", ...heun, sum: 0.1233, mean: 0.0002 },
  { name: "Heun from step 8", ...heun, options: { begin: 16 }, sum: 75074.8906 },
  { name: "LCM in one step", ...lcm, steps: 1, sum: 18.7097, mean: 0.0244 },
  { name: "TCD in one step", ...tcd, steps: 1, sum: 29.8715, mean: 0.0389 },
  { name: "TCD", ...tcd, sum: 181.204, mean: 0.2359 },
];

for (const { name, className, config, steps = 10, options = {}, sum, mean } of goldens) {
  Deno.test(`${name} gives the value in diffusers' tests`, () => {
    const sampler = createFromDiffusers(className, config, steps, options);
    const begin = options.begin ?? 0;
    let x: Float32Array = sampleDeter.map((v) => v * sampler.initNoiseSigma);
    if (begin > 0) x = sampler.addNoise(x, noiseDeter, begin);
    for (let i = begin; i < sampler.timesteps.length; i++) {
      // Those tests go on from the scaled input, not from the sample it was made of.
      x = sampler.scaleInput(x, i);
      const t = sampler.timesteps[i] ?? NaN;
      x = sampler.step(x.map((v) => v * (t / (t + 1))), i, x).sample;
    }
    const total = x.reduce((a, v) => a + Math.abs(v), 0);
    if (sum !== undefined) assert.ok(Math.abs(total - sum) < Math.max(1e-2, 1e-6 * sum), `sum ${total}, not ${sum}`);
    if (mean !== undefined) assert.ok(Math.abs(total / COUNT - mean) < 1e-3, `mean ${total / COUNT}, not ${mean}`);
  });
}

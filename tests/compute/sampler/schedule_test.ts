/** Noise tables, sigma curves and timesteps, each against diffusers' numbers or a known value. */

import assert from "node:assert/strict";
import { alignYourStepsSigmas } from "../../../compute/sampler/align_your_steps.ts";
import { symmetricBetaQuantile } from "../../../compute/sampler/beta_quantile.ts";
import { type ImplementedClass, isImplementedClass } from "../../../compute/sampler/diffusers_defaults.ts";
import { solveLinear } from "../../../compute/sampler/linear_system.ts";
import {
  alphasCumprod,
  positiveAlphasCumprod,
  roundHalfEven,
  spacedTimesteps,
  trainingBetas,
  trainingSigmas,
} from "../../../compute/sampler/noise_schedule.ts";
import { configOfClass, configOfFolder } from "../../../compute/sampler/scheduler_config.ts";
import {
  kDiffusionSchedule,
  logSnrSchedule,
  sigmaOfTimestep,
  timestepsOfSigmas,
} from "../../../compute/sampler/sigma_schedule.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../tools/parity/reference.ts";

const SD = { num_train_timesteps: 1000, beta_start: 0.00085, beta_end: 0.012, beta_schedule: "scaled_linear" };
const stem = new URL("../../fixtures/oracle/samplers", import.meta.url).href;
const tensors = readSafetensors(new URL(`${stem}.safetensors`));

function stored(key: string): Float32Array {
  const found = tensors.get(key);
  assert.ok(found, `no tensor ${key}`);
  return found.data;
}

function ddim(config: object) {
  return configOfClass({ ...SD, ...config }, "DDIMScheduler");
}

Deno.test("scaled-linear alphas_cumprod equal torch's to a float32 step", () => {
  assert.ok(maxDifference(alphasCumprod(ddim({})), stored("betas/scaled_linear/alphas_cumprod")) <= 1.2e-7);
});

Deno.test("zero terminal SNR rescales alphas_cumprod as torch does, to exactly 0 at the end", () => {
  const alphas = alphasCumprod(ddim({ rescale_betas_zero_snr: true }));
  // A thousand float32 ratios are rounded on the way to the betas and back.
  assert.ok(maxDifference(alphas, stored("betas/zero_snr/alphas_cumprod")) <= 5e-7);
  assert.equal(alphas[999], 0);
});

Deno.test("samplers that divide by alpha_bar see 2^-24, sigma 4096, at zero terminal SNR", () => {
  const config = ddim({ rescale_betas_zero_snr: true });
  assert.equal(positiveAlphasCumprod(config)[999], 2 ** -24);
  assert.equal(trainingSigmas(config)[999], 4096);
});

Deno.test("linear betas run from start to end, and trained betas replace the curve", () => {
  const linear = trainingBetas(ddim({ beta_schedule: "linear" }));
  assert.equal(linear[0], Math.fround(0.00085));
  assert.equal(linear[999], Math.fround(0.012));
  const given = [0.1, 0.2, 0.4];
  const trained = trainingBetas(ddim({ num_train_timesteps: 3, trained_betas: given }));
  assert.deepEqual(trained, Float32Array.from(given));
});

Deno.test("cosine betas follow the squared cosine and stay below 0.999", () => {
  const config = ddim({ beta_schedule: "squaredcos_cap_v2" });
  const betas = trainingBetas(config);
  assert.equal(betas[999], Math.fround(0.999));
  // alpha_bar(1/2) / alpha_bar(0) of arXiv:2102.09672.
  const bar = (t: number) => Math.cos(((t + 0.008) / 1.008) * Math.PI / 2) ** 2;
  assert.ok(Math.abs((alphasCumprod(config)[499] ?? 0) - bar(0.5) / bar(0)) < 1e-5);
});

interface OracleCase {
  readonly name: string;
  readonly scheduler: string;
  readonly kwargs: object;
  readonly steps: number;
  readonly extra: { timesteps?: string; sigmas?: string };
  readonly sigmas?: readonly number[];
}
interface Oracle {
  readonly cases: readonly OracleCase[];
  readonly ays: Readonly<Record<string, readonly number[]>>;
}

const oracle = readReferenceJson<Oracle>(new URL(`${stem}.json`));
const LOG_SNR: readonly ImplementedClass[] = ["DPMSolverMultistepScheduler", "UniPCMultistepScheduler"];
const TWO_CALLS: readonly ImplementedClass[] = ["HeunDiscreteScheduler", "DPMSolverSDEScheduler"];

for (const { name, scheduler, kwargs, steps, extra, sigmas: want } of oracle.cases) {
  if (want === undefined || !isImplementedClass(scheduler)) continue;
  Deno.test(`${name} descends through diffusers' sigmas`, () => {
    const config = configOfClass({ ...SD, ...kwargs }, scheduler);
    const timesteps = oracle.ays[extra.timesteps ?? ""];
    const given = oracle.ays[extra.sigmas ?? ""];
    const make = LOG_SNR.includes(scheduler) ? logSnrSchedule : kDiffusionSchedule;
    const { sigmas } = make(config, {
      steps,
      ...(timesteps === undefined ? {} : { timesteps }),
      ...(given === undefined ? {} : { sigmas: given }),
    });
    // Samplers of two calls per step list every level but the ends twice.
    const expected = TWO_CALLS.includes(scheduler) ? want.filter((s, i) => i === 0 || s !== want[i - 1]) : want;
    assert.equal(sigmas.length, expected.length);
    expected.forEach((sigma, i) => assert.ok(Math.abs((sigmas[i] ?? NaN) - sigma) <= 1e-6 * Math.max(1, sigma)));
  });
}

Deno.test("timesteps are spaced as in table 2 of arXiv:2305.08891", () => {
  const spaced = (timestep_spacing: string) =>
    spacedTimesteps(ddim({ timestep_spacing, steps_offset: 1 }), 4, "closed");
  assert.deepEqual(spaced("leading"), [751, 501, 251, 1]);
  assert.deepEqual(spaced("trailing"), [999, 749, 499, 249]);
  assert.deepEqual(spaced("linspace"), [999, 666, 333, 0]);
});

Deno.test("every spacing gives as many timesteps as there are steps, falling", () => {
  for (const timestep_spacing of ["leading", "trailing", "linspace"]) {
    for (let steps = 1; steps <= 1000; steps++) {
      const timesteps = spacedTimesteps(ddim({ timestep_spacing }), steps, "closed");
      assert.equal(timesteps.length, steps);
      assert.ok(timesteps.every((t, i) => t >= 0 && t < (timesteps[i - 1] ?? 1000)), `${timestep_spacing} ${steps}`);
    }
  }
});

Deno.test("a clipped log-SNR leaves out the noisiest timesteps", () => {
  const config = configOfClass({ ...SD, lambda_min_clipped: -1 }, "DPMSolverMultistepScheduler");
  const { timesteps, sigmas } = logSnrSchedule(config, { steps: 10 });
  assert.equal(timesteps.length, 10);
  assert.ok(-Math.log(sigmas[0] ?? 0) >= -1 && -Math.log(sigmas[0] ?? 0) < -0.99);
});

Deno.test("halves round to the even integer", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 937.5, 2.4999, 3].map(roundHalfEven), [0, 2, 2, 938, 2, 3]);
});

Deno.test("a fractional timestep and its sigma lead back to each other at whole timesteps", () => {
  const table = trainingSigmas(ddim({}));
  const whole = [0, 1, 123, 998, 999];
  const back = timestepsOfSigmas(table, whole.map((t) => sigmaOfTimestep(table, t)));
  back.forEach((t, i) => assert.ok(Math.abs(t - (whole[i] ?? 0)) < 1e-3));
  assert.equal(sigmaOfTimestep(table, 1200), table[999]);
  assert.deepEqual(timestepsOfSigmas(table, [1e9, 0]), [999, 0]);
});

Deno.test("Align Your Steps gives its own table for 10 steps and log-linear levels for others", () => {
  for (const [name, table] of [["ays", "StableDiffusionSigmas"], ["ays-sdxl", "StableDiffusionXLSigmas"]] as const) {
    assert.ok(maxDifference(alignYourStepsSigmas(name, 10), (oracle.ays[table] ?? []).slice(0, -1)) < 1e-12);
  }
  const twenty = alignYourStepsSigmas("ays", 20);
  assert.equal(twenty.length, 20);
  assert.ok(Math.abs((twenty[1] ?? 0) - Math.sqrt(14.615 * 6.475)) < 1e-12);
});

Deno.test("the beta quantile has scipy's values", () => {
  // scipy.stats.beta.ppf(p, 0.6, 0.6)
  assert.ok(Math.abs(symmetricBetaQuantile(0.5, 0.6) - 0.5) < 1e-14);
  // Beta(1/2, 1/2) and Beta(1, 1) have closed forms.
  for (const p of [0, 0.01, 0.3, 0.77, 0.999, 1]) {
    assert.ok(Math.abs(symmetricBetaQuantile(p, 0.5) - Math.sin((p * Math.PI) / 2) ** 2) < 1e-12);
    assert.ok(Math.abs(symmetricBetaQuantile(p, 1) - p) < 1e-12);
  }
});

Deno.test("linear equations are solved with rows in any order", () => {
  const x = solveLinear([[0, 2, 1], [1, -1, 0], [3, 0, 2]], [7, -1, 9]);
  assert.ok(maxDifference(x, [1, 2, 3]) < 1e-12);
  assert.throws(() => solveLinear([[1, 1], [1, 1]], [1, 2]), RangeError);
});

Deno.test("a folder's class decides training and spacing where its config is silent", () => {
  const config = configOfFolder({ _class_name: "PNDMScheduler" }, "EulerDiscreteScheduler");
  assert.equal(config.timestepSpacing, "leading");
  assert.equal(configOfClass({}, "EulerDiscreteScheduler").timestepSpacing, "linspace");
  const latent = configOfFolder({ _class_name: "LCMScheduler" }, "EulerDiscreteScheduler");
  assert.deepEqual([latent.betaStart, latent.betaEnd, latent.betaSchedule], [0.00085, 0.012, "scaled_linear"]);
});

Deno.test("the sampler's class decides what the folder does not know, except clipping", () => {
  const folder = { _class_name: "EulerDiscreteScheduler", ...SD };
  assert.equal(configOfFolder(folder, "DDIMScheduler").setAlphaToOne, true);
  assert.equal(configOfFolder(folder, "PNDMScheduler").setAlphaToOne, false);
  assert.equal(configOfFolder(folder, "DDIMScheduler").clipSample, false);
  assert.equal(configOfFolder({ ...folder, clip_sample: true }, "DDIMScheduler").clipSample, true);
  assert.equal(configOfClass(SD, "DDIMScheduler").clipSample, true);
});

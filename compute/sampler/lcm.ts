/** Latent consistency models: every call predicts the finished sample, which is then noised to the next level. */

import { nth } from "../../elements.ts";
import { alphaBarAt, noised, readableAlphas } from "./discrete_schedule.ts";
import { distilledTimesteps } from "./distilled_schedule.ts";
import { clip, combine } from "./linear_combination.ts";
import { cleanReading } from "./prediction.ts";
import { drawNoise, type NoiseSource, type Sampler, type SamplerMemory, type SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/** The deviation of the data that the boundary condition assumes. */
const SIGMA_DATA = 0.5;

/**
 * Multistep consistency sampling, arXiv:2310.04378, algorithm 3; scheduling_lcm.py in diffusers 0.39 (Apache-2.0).
 * Samples are sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps. The last call draws no noise.
 */
export class LcmSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma = 1;
  memory: SamplerMemory = {};
  readonly #config: SchedulerConfig;
  readonly #alphas: Float32Array;

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    this.timesteps = distilledTimesteps(config, request);
    this.#config = config;
    this.#alphas = readableAlphas(config);
  }

  scaleInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep {
    const { predictionType, clipSample, clipSampleRange, timestepScaling } = this.#config;
    const alphaBar = alphaBarAt(this.#alphas, this.timesteps[i]);
    const x0 = cleanReading(predictionType, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    const predicted = combine([x0.sample, sample], [x0.output, modelOutput]);
    if (clipSample) clip(predicted, clipSampleRange);

    // The consistency function: the sample itself at timestep 0, the prediction at large ones (eq. 5).
    const scaled = nth(this.timesteps, i) * timestepScaling;
    const norm = scaled ** 2 + SIGMA_DATA ** 2;
    const predOriginal = combine([scaled / Math.sqrt(norm), predicted], [SIGMA_DATA ** 2 / norm, sample]);
    if (i === this.timesteps.length - 1) return { sample: predOriginal, predOriginal };
    return { sample: this.addNoise(predOriginal, drawNoise(noise), i + 1), predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return noised(clean, noise, alphaBarAt(this.#alphas, this.timesteps[i]));
  }
}

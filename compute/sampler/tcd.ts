/** Trajectory consistency distillation: every call jumps down its trajectory, and noise leads part of the way back. */

import { alphaBarAt, noised, readableAlphas } from "./discrete_schedule.ts";
import { distilledTimesteps } from "./distilled_schedule.ts";
import { combine } from "./linear_combination.ts";
import { cleanReading, noiseReading } from "./prediction.ts";
import { drawNoise, type NoiseSource, type Sampler, type SamplerMemory, type SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/**
 * Strategic stochastic sampling, arXiv:2402.19159, algorithm 4; scheduling_tcd.py in diffusers 0.39 (Apache-2.0).
 * Samples are sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps. The last call draws no noise.
 */
export class TcdSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma = 1;
  memory: SamplerMemory = {};
  readonly #config: SchedulerConfig;
  readonly #alphas: Float32Array;
  readonly #eta: number;

  /** @param eta The paper's gamma, 0..1: 0 is deterministic, 1 jumps to the clean end and noises back. */
  constructor(config: SchedulerConfig, request: ScheduleRequest, eta = 0.3) {
    this.timesteps = distilledTimesteps(config, request);
    this.#config = config;
    this.#alphas = readableAlphas(config);
    this.#eta = eta;
  }

  scaleInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep {
    const { predictionType } = this.#config;
    const now = alphaBarAt(this.#alphas, this.timesteps[i]);
    const nextTimestep = this.timesteps[i + 1] ?? 0; // the last call jumps to the clean end
    // In float32, as the reference computes it: a product just below an integer may round up to it.
    const jumpTimestep = Math.floor(Math.fround(Math.fround(1 - this.#eta) * nextTimestep));
    const next = alphaBarAt(this.#alphas, nextTimestep);
    const jump = alphaBarAt(this.#alphas, jumpTimestep);

    const [alpha, sigma] = [Math.sqrt(now), Math.sqrt(1 - now)];
    const x0 = cleanReading(predictionType, alpha, sigma);
    const eps = noiseReading(predictionType, alpha, sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    const [jumpAlpha, jumpSigma] = [Math.sqrt(jump), Math.sqrt(1 - jump)];
    const jumped = combine(
      [jumpAlpha, predOriginal],
      [jumpSigma * eps.sample, sample],
      [jumpSigma * eps.output, modelOutput],
    );
    if (this.#eta === 0 || i === this.timesteps.length - 1) return { sample: jumped, predOriginal };
    return { sample: noised(jumped, drawNoise(noise), next / jump), predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return noised(clean, noise, alphaBarAt(this.#alphas, this.timesteps[i]));
  }
}

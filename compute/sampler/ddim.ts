/** Denoising diffusion implicit models: deterministic jumps between noise levels, or partly random ones (eta). */

import { clip, combine } from "./linear_combination.ts";
import { cleanReading, noiseReading } from "./prediction.ts";
import { type DiscreteSchedule, discreteSchedule, noised } from "./discrete_schedule.ts";
import { drawNoise, type NoiseSource, type Sampler, type SamplerMemory, type SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/**
 * arXiv:2010.02502, eq. 12 and 16; scheduling_ddim.py in diffusers 0.39 (Apache-2.0).
 * Samples are sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps.
 */
export class DdimSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma = 1;
  memory: SamplerMemory = {};
  readonly #config: SchedulerConfig;
  readonly #schedule: DiscreteSchedule;
  readonly #eta: number;

  /** @param eta 0 is deterministic, 1 draws as much noise as ancestral sampling. */
  constructor(config: SchedulerConfig, request: ScheduleRequest, eta = 0) {
    this.#config = config;
    this.#schedule = discreteSchedule(config, request);
    this.timesteps = this.#schedule.timesteps;
    this.#eta = eta;
  }

  scaleInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep {
    const { predictionType, clipSample, clipSampleRange } = this.#config;
    const now = this.#schedule.alphaBar(i);
    const next = this.#schedule.nextAlphaBar(i);
    const [alpha, sigma] = [Math.sqrt(now), Math.sqrt(1 - now)];

    const x0 = cleanReading(predictionType, alpha, sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    if (clipSample) clip(predOriginal, clipSampleRange);

    const deviation = this.#eta * Math.sqrt(((1 - next) / (1 - now)) * (1 - now / next));
    const direction = Math.sqrt(Math.max(0, 1 - next - deviation ** 2));
    const eps = noiseReading(predictionType, alpha, sigma);
    const mean = combine(
      [Math.sqrt(next), predOriginal],
      [direction * eps.sample, sample],
      [direction * eps.output, modelOutput],
    );
    if (this.#eta === 0) return { sample: mean, predOriginal };
    return { sample: combine([1, mean], [deviation, drawNoise(noise)]), predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return noised(clean, noise, this.#schedule.alphaBar(i));
  }
}

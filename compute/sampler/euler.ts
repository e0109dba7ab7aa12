/** Euler's method on the probability-flow ODE: one straight step per noise level. */

import { combine } from "./linear_combination.ts";
import { scaledCleanReading } from "./prediction.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { endSigma, initialSigma, kDiffusionSchedule, type ScheduleRequest, startSigma } from "./sigma_schedule.ts";

/**
 * arXiv:2206.00364, algorithm 2 without churn; scheduling_euler_discrete.py in diffusers 0.39 (Apache-2.0).
 * Samples are x0 + sigma eps.
 */
export class EulerSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma: number;
  memory: SamplerMemory = {};
  readonly #sigmas: Float32Array;
  readonly #config: SchedulerConfig;

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    const { timesteps, sigmas } = kDiffusionSchedule(config, request);
    this.timesteps = timesteps;
    this.initNoiseSigma = initialSigma(config, sigmas);
    this.#sigmas = sigmas;
    this.#config = config;
  }

  scaleInput(sample: Float32Array, i: number): Float32Array {
    return combine([1 / Math.sqrt(startSigma(this.#sigmas, i) ** 2 + 1), sample]);
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array): SamplerStep {
    const sigma = startSigma(this.#sigmas, i);
    const next = endSigma(this.#sigmas, i);
    const x0 = scaledCleanReading(this.#config.predictionType, sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    // x + (next - sigma) dx/dsigma with dx/dsigma = (x - x0) / sigma.
    const ratio = next / sigma;
    return { sample: combine([ratio, sample], [1 - ratio, predOriginal]), predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return combine([1, clean], [startSigma(this.#sigmas, i), noise]);
  }
}

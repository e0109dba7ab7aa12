/** Ancestral Euler: each step overshoots to less noise, then adds fresh noise up to the next level. */

import { combine } from "./linear_combination.ts";
import { scaledCleanReading } from "./prediction.ts";
import { drawNoise, type NoiseSource, type Sampler, type SamplerMemory, type SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { endSigma, initialSigma, kDiffusionSchedule, type ScheduleRequest, startSigma } from "./sigma_schedule.ts";

/** How a stochastic step from one noise level to the next divides into a descent and a rise by fresh noise. */
export interface AncestralSplit {
  /** The level the deterministic part descends to. */
  readonly down: number;
  /** The deviation of the noise added after: down^2 + up^2 = to^2. */
  readonly up: number;
}

/** The posterior of the forward process between levels `from` > `to` (arXiv:2006.11239, eq. 7, in sigmas). */
export function ancestralSplit(from: number, to: number): AncestralSplit {
  const up = Math.min(to, (to / from) * Math.sqrt(from * from - to * to));
  return { down: Math.sqrt(to * to - up * up), up };
}

/**
 * scheduling_euler_ancestral_discrete.py in diffusers 0.39 (Apache-2.0), after k-diffusion's `sample_euler_ancestral`.
 * Samples are x0 + sigma eps.
 */
export class EulerAncestralSampler implements Sampler {
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

  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep {
    const drawn = drawNoise(noise);
    const sigma = startSigma(this.#sigmas, i);
    const { down, up } = ancestralSplit(sigma, endSigma(this.#sigmas, i));
    const x0 = scaledCleanReading(this.#config.predictionType, sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    const ratio = down / sigma;
    return { sample: combine([ratio, sample], [1 - ratio, predOriginal], [up, drawn]), predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return combine([1, clean], [startSigma(this.#sigmas, i), noise]);
  }
}

/** Heun's method on the probability-flow ODE: an Euler step, then the mean of the slopes at both of its ends. */

import { clip, combine } from "./linear_combination.ts";
import { scaledCleanReading } from "./prediction.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { endSigma, initialSigma, kDiffusionSchedule, type ScheduleRequest, startSigma } from "./sigma_schedule.ts";

/**
 * arXiv:2206.00364, algorithm 1; scheduling_heun_discrete.py in diffusers 0.39 (Apache-2.0). Every timestep but the
 * first is listed twice: call 2k leaves timestep k, call 2k + 1 looks back from the one after. Samples are x0 + sigma
 * eps.
 */
export class HeunSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma: number;
  readonly #sigmas: Float32Array;
  readonly #config: SchedulerConfig;
  /** The Euler step that the next call completes. */
  #start: { readonly sample: Float32Array; readonly predOriginal: Float32Array } | undefined;

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    const { timesteps, sigmas } = kDiffusionSchedule(config, request);
    this.timesteps = timesteps.flatMap((t, k) => k === 0 ? [t] : [t, t]);
    this.initNoiseSigma = initialSigma(config, sigmas);
    this.#sigmas = sigmas;
    this.#config = config;
  }

  get memory(): SamplerMemory {
    return this.#start === undefined ? {} : { start: [this.#start.sample, this.#start.predOriginal] };
  }

  set memory({ start = [] }: SamplerMemory) {
    const [sample, predOriginal] = start;
    this.#start = sample && predOriginal && { sample, predOriginal };
  }

  scaleInput(sample: Float32Array, i: number): Float32Array {
    return combine([1 / Math.sqrt(this.#sigma(i) ** 2 + 1), sample]);
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array): SamplerStep {
    const { predictionType, clipSample, clipSampleRange } = this.#config;
    const x0 = scaledCleanReading(predictionType, this.#sigma(i));
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    if (clipSample) clip(predOriginal, clipSampleRange);

    const start = this.#start;
    if (start === undefined) {
      this.#start = { sample, predOriginal };
      const ratio = endSigma(this.#sigmas, i >> 1) / this.#sigma(i);
      return { sample: combine([ratio, sample], [1 - ratio, predOriginal]), predOriginal };
    }
    this.#start = undefined;
    const [from, to] = [this.#sigma(i - 1), this.#sigma(i)];
    const half = (to - from) / 2;
    const next = combine(
      [1 + half / from, start.sample],
      [-half / from, start.predOriginal],
      [half / to, sample],
      [-half / to, predOriginal],
    );
    return { sample: next, predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return combine([1, clean], [this.#sigma(i), noise]);
  }

  /** The level at which call `i` finds the sample. */
  #sigma(i: number): number {
    return startSigma(this.#sigmas, Math.ceil(i / 2));
  }
}

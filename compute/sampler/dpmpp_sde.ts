/** DPM-Solver++ (singlestep, stochastic): an ancestral step through the geometric middle of two noise levels. */

import { nth } from "../../elements.ts";
import { ancestralSplit } from "./euler_ancestral.ts";
import { combine } from "./linear_combination.ts";
import { trainingSigmas } from "./noise_schedule.ts";
import { scaledCleanReading } from "./prediction.ts";
import { drawNoise, type NoiseSource, type Sampler, type SamplerMemory, type SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import {
  endSigma,
  initialSigma,
  kDiffusionSchedule,
  type ScheduleRequest,
  startSigma,
  timestepsOfSigmas,
} from "./sigma_schedule.ts";

/**
 * arXiv:2211.01095, algorithm 1, with ancestral noise; scheduling_dpmsolver_sde.py in diffusers 0.39 (Apache-2.0),
 * after k-diffusion's `sample_dpmpp_sde`. Call 2k leaves timestep k, call 2k + 1 is made half way (in log sigma) to
 * the one after; the last step has one call. Samples are x0 + sigma eps.
 *
 * The reference takes its noise from one Brownian path, whose increments over a half step and its whole step are
 * correlated; a {@link NoiseSource} draws them independently.
 */
export class DpmppSdeSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma: number;
  readonly #sigmas: Float32Array;
  readonly #config: SchedulerConfig;
  /** The sample that the step under way started from. */
  #start: Float32Array | undefined;

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    const { timesteps, sigmas } = kDiffusionSchedule(config, request);
    this.#sigmas = sigmas;
    this.#config = config;
    this.initNoiseSigma = initialSigma(config, sigmas);
    const middles = Array.from({ length: timesteps.length - 1 }, (_, k) => this.#callSigma(2 * k + 1));
    const between = timestepsOfSigmas(trainingSigmas(config), middles);
    this.timesteps = timesteps.flatMap((t, k) => k < between.length ? [t, nth(between, k)] : [t]);
  }

  get memory(): SamplerMemory {
    return this.#start === undefined ? {} : { start: [this.#start] };
  }

  set memory({ start }: SamplerMemory) {
    this.#start = start?.[0];
  }

  scaleInput(sample: Float32Array, i: number): Float32Array {
    return combine([1 / Math.sqrt(this.#callSigma(i) ** 2 + 1), sample]);
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep {
    const x0 = scaledCleanReading(this.#config.predictionType, this.#callSigma(i));
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    const from = startSigma(this.#sigmas, i >> 1);
    const next = endSigma(this.#sigmas, i >> 1);
    if (next === 0) return { sample: predOriginal, predOriginal };

    const start = this.#start ?? sample;
    const to = this.#start === undefined ? this.#callSigma(i + 1) : next;
    this.#start = this.#start === undefined ? sample : undefined;
    const { down, up } = ancestralSplit(from, to);
    const ratio = down / from;
    const moved = combine([ratio, start], [1 - ratio, predOriginal], [up, drawNoise(noise)]);
    return { sample: moved, predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return combine([1, clean], [this.#callSigma(i), noise]);
  }

  /** The level at which call `i` is made: a step's start or, half way in log sigma, its middle. */
  #callSigma(i: number): number {
    const from = startSigma(this.#sigmas, i >> 1);
    return i % 2 === 0 ? from : Math.sqrt(from * startSigma(this.#sigmas, (i >> 1) + 1));
  }
}

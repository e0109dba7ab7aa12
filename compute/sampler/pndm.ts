/** Pseudo numerical methods: a fourth-order multistep whose straight line is DDIM's jump between noise levels. */

import { nth } from "../../elements.ts";
import { InvalidInputError } from "../../errors.ts";
import { alphaBarAt, checkSteps, finalAlphaBar, noised, readableAlphas } from "./discrete_schedule.ts";
import { combine } from "./linear_combination.ts";
import { roundHalfEven, spacedTimesteps } from "./noise_schedule.ts";
import { cleanReading, noiseReading } from "./prediction.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/** A call's jump and the output it jumps with. */
interface Jump {
  readonly from: number;
  readonly to: number;
  readonly output: Float32Array;
  readonly sample: Float32Array;
}

/** Calls of the Runge-Kutta start: three steps of four. */
const RUNGE_KUTTA_CALLS = 12;

/**
 * arXiv:2202.09778, algorithms 1 and 2; scheduling_pndm.py in diffusers 0.39 (Apache-2.0). Samples are
 * sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps.
 *
 * With `skipPrkSteps` (PLMS) the first step is taken twice, the second time with the mean of two outputs, so the
 * timestep after the first is listed twice. A run that begins part-way lists twice the one after its beginning.
 */
export class PndmSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma = 1;
  readonly #config: SchedulerConfig;
  readonly #alphas: Float32Array;
  readonly #begin: number;
  /** Training timesteps between two steps. */
  readonly #gap: number;
  /** Outputs that count for the multistep, the latest first. */
  #outputs: readonly Float32Array[] = [];
  /** The weighted outputs of a Runge-Kutta step so far. */
  #partial: Float32Array | undefined;
  /** What a step of several calls started from. */
  #start: Float32Array | undefined;

  /** @param begin The index of the first call that will be made. */
  constructor(config: SchedulerConfig, request: ScheduleRequest, begin = 0) {
    const spaced = spacedTimesteps(config, request.steps, "closed").map(roundHalfEven);
    this.#gap = Math.floor(config.numTrainTimesteps / request.steps);
    this.#config = config;
    this.#alphas = readableAlphas(config);
    checkSteps(spaced, this.#alphas.length, request.steps);
    this.#begin = begin;
    this.timesteps = config.skipPrkSteps
      ? [...spaced.slice(0, begin + 2), ...spaced.slice(begin + 1)]
      : this.#withRungeKutta(spaced);
  }

  #withRungeKutta(spaced: readonly number[]): number[] {
    if (spaced.length < 4) {
      throw new InvalidInputError(
        "UNSUPPORTED",
        ["steps"],
        spaced.length,
        "must be 4 or more with skip_prk_steps false",
      );
    }
    if (this.#begin > 0) {
      throw new InvalidInputError("UNSUPPORTED", ["begin"], this.#begin, "must be 0 with skip_prk_steps false");
    }
    const half = Math.floor(this.#gap / 2);
    const start = spaced.slice(0, 3).flatMap((t, k) => {
      const next = nth(spaced, k + 1);
      return [t, next + half, next + half, next];
    });
    return [...start, ...spaced.slice(3)];
  }

  get memory(): SamplerMemory {
    return {
      outputs: this.#outputs,
      partial: this.#partial === undefined ? [] : [this.#partial],
      start: this.#start === undefined ? [] : [this.#start],
    };
  }

  set memory({ outputs = [], partial, start }: SamplerMemory) {
    this.#outputs = outputs;
    this.#partial = partial?.[0];
    this.#start = start?.[0];
  }

  scaleInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array): SamplerStep {
    const t = nth(this.timesteps, i);
    const jump = !this.#config.skipPrkSteps && i < RUNGE_KUTTA_CALLS
      ? this.#rungeKutta(modelOutput, i, t, sample)
      : this.#multistep(modelOutput, i, t, sample);
    const { predictionType } = this.#config;
    const now = alphaBarAt(this.#alphas, jump.from);
    const next = jump.to < 0 ? finalAlphaBar(this.#config, this.#alphas) : alphaBarAt(this.#alphas, jump.to);
    const x0 = cleanReading(predictionType, Math.sqrt(now), Math.sqrt(1 - now));
    const eps = noiseReading(predictionType, Math.sqrt(now), Math.sqrt(1 - now));
    const predOriginal = combine([x0.sample, jump.sample], [x0.output, jump.output]);
    // Eq. 11 of the paper, which is DDIM's step.
    const moved = combine(
      [Math.sqrt(next), predOriginal],
      [Math.sqrt(1 - next) * eps.sample, jump.sample],
      [Math.sqrt(1 - next) * eps.output, jump.output],
    );
    return { sample: moved, predOriginal };
  }

  #multistep(output: Float32Array, i: number, t: number, sample: Float32Array): Jump {
    const [latest] = this.#outputs;
    if (this.#config.skipPrkSteps && i === this.#begin + 1 && latest !== undefined) {
      const mean = combine([1 / 2, output], [1 / 2, latest]);
      return { from: t + this.#gap, to: t, output: mean, sample: this.#start ?? sample };
    }
    this.#start = sample;
    this.#outputs = [output, ...this.#outputs].slice(0, 4);
    return { from: t, to: t - this.#gap, output: adamsBashforth(this.#outputs), sample };
  }

  #rungeKutta(output: Float32Array, i: number, t: number, sample: Float32Array): Jump {
    const stage = i % 4;
    if (stage === 0) {
      this.#start = sample;
      this.#outputs = [output, ...this.#outputs].slice(0, 4);
    }
    const weight = stage === 0 || stage === 3 ? 1 / 6 : 1 / 3;
    const sum = this.#partial === undefined ? combine([weight, output]) : combine([1, this.#partial], [weight, output]);
    this.#partial = stage === 3 ? undefined : sum;
    return {
      from: nth(this.timesteps, i - stage),
      to: stage % 2 === 0 ? t - Math.floor(this.#gap / 2) : t,
      output: stage === 3 ? sum : output,
      sample: this.#start ?? sample,
    };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return noised(clean, noise, alphaBarAt(this.#alphas, this.timesteps[i]));
  }
}

/** The output extrapolated to the middle of the step, of as high an order as there are outputs. */
function adamsBashforth(outputs: readonly Float32Array[]): Float32Array {
  const [m0, m1, m2, m3] = outputs;
  if (m0 === undefined) throw new RangeError("Cannot extrapolate: there is no output yet");
  if (m1 === undefined) return m0;
  if (m2 === undefined) return combine([3 / 2, m0], [-1 / 2, m1]);
  if (m3 === undefined) return combine([23 / 12, m0], [-16 / 12, m1], [5 / 12, m2]);
  return combine([55 / 24, m0], [-59 / 24, m1], [37 / 24, m2], [-9 / 24, m3]);
}

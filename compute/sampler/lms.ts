/** Linear multistep: the slope of the probability-flow ODE as a polynomial through the last four calls. */

import { nth } from "../../elements.ts";
import { combine, type Term } from "./linear_combination.ts";
import { scaledCleanReading } from "./prediction.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { endSigma, initialSigma, kDiffusionSchedule, type ScheduleRequest, startSigma } from "./sigma_schedule.ts";

const ORDER = 4;

/**
 * Adams-Bashforth on uneven levels; scheduling_lms_discrete.py in diffusers 0.39 (Apache-2.0), after k-diffusion's
 * `sample_lms`. A run that begins part-way starts at order 1, where diffusers drops terms of order 4. Samples are
 * x0 + sigma eps.
 */
export class LmsSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma: number;
  readonly #sigmas: Float32Array;
  readonly #config: SchedulerConfig;
  /** Slopes dx/dsigma, the latest first. */
  #slopes: readonly Float32Array[] = [];

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    const { timesteps, sigmas } = kDiffusionSchedule(config, request);
    this.timesteps = timesteps;
    this.initNoiseSigma = initialSigma(config, sigmas);
    this.#sigmas = sigmas;
    this.#config = config;
  }

  get memory(): SamplerMemory {
    return { slopes: this.#slopes };
  }

  set memory({ slopes = [] }: SamplerMemory) {
    this.#slopes = slopes;
  }

  scaleInput(sample: Float32Array, i: number): Float32Array {
    return combine([1 / Math.sqrt(startSigma(this.#sigmas, i) ** 2 + 1), sample]);
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array): SamplerStep {
    const sigma = startSigma(this.#sigmas, i);
    const x0 = scaledCleanReading(this.#config.predictionType, sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    const slope = combine([1 / sigma, sample], [-1 / sigma, predOriginal]);
    this.#slopes = [slope, ...this.#slopes].slice(0, ORDER);

    const nodes = this.#slopes.map((_, back) => startSigma(this.#sigmas, i - back));
    const next = endSigma(this.#sigmas, i);
    const terms = this.#slopes.map((values, k): Term => [basisIntegral(nodes, k, sigma, next), values]);
    return { sample: combine([1, sample], ...terms), predOriginal };
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return combine([1, clean], [startSigma(this.#sigmas, i), noise]);
  }
}

/**
 * The integral over `from`..`to` of the Lagrange polynomial that is 1 at node `k` and 0 at the others. Simpson's rule
 * is exact up to degree 3, which four nodes do not exceed.
 */
function basisIntegral(nodes: readonly number[], k: number, from: number, to: number): number {
  const own = nth(nodes, k);
  const basis = (at: number) =>
    nodes.reduce((product, node, j) => j === k ? product : product * ((at - node) / (own - node)), 1);
  return ((to - from) / 6) * (basis(from) + 4 * basis((from + to) / 2) + basis(to));
}

/** DPM-Solver++ (multistep): exact in the linear part of the ODE, extrapolating predictions in log-SNR. */

import { derivativeTerms, MultistepHistory, type MultistepStage } from "./dpm_solver_multistep.ts";
import { combine, type Term } from "./linear_combination.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/**
 * arXiv:2211.01095, algorithm 2, of order 1 to 3; scheduling_dpmsolver_multistep.py in diffusers 0.39 (Apache-2.0).
 * Samples are alpha x0 + sigma eps with alpha^2 + sigma^2 = 1.
 */
export class Dpmpp2mSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma = 1;
  readonly #history: MultistepHistory;
  readonly #heun: boolean;

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    this.#history = new MultistepHistory(config, request);
    this.timesteps = this.#history.timesteps;
    this.#heun = config.solverType === "heun";
  }

  get memory(): SamplerMemory {
    return this.#history.memory;
  }

  set memory(memory: SamplerMemory) {
    this.#history.memory = memory;
  }

  scaleInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array): SamplerStep {
    const stage = this.#history.advance(modelOutput, i, sample);
    const { from, to, predictions: [predOriginal = modelOutput] } = stage;
    const next = combine([to.sigma / from.sigma, sample], ...this.#predictionTerms(stage));
    return { sample: next, predOriginal };
  }

  #predictionTerms(stage: MultistepStage): Term[] {
    const { order, to, h } = stage;
    const phi1 = Math.expm1(-h);
    const c0 = -to.alpha * phi1;
    const exact = to.alpha * (phi1 / h + 1);
    const c1 = order === 2 && !this.#heun ? c0 / 2 : exact;
    const c2 = -to.alpha * ((phi1 + h) / (h * h) - 0.5);
    return derivativeTerms(stage, c0, c1, c2);
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return this.#history.addNoise(clean, noise, i);
  }
}

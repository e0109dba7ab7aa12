/** SDE-DPM-Solver++ (multistep): DPM-Solver++ on the reverse SDE, drawing fresh noise at every step. */

import { derivativeTerms, MultistepHistory, type MultistepStage } from "./dpm_solver_multistep.ts";
import { combine, type Term } from "./linear_combination.ts";
import { drawNoise, type NoiseSource, type Sampler, type SamplerMemory, type SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/**
 * arXiv:2211.01095, section 5 and appendix A; `sde-dpmsolver++` in scheduling_dpmsolver_multistep.py, diffusers 0.39
 * (Apache-2.0). Samples are alpha x0 + sigma eps with alpha^2 + sigma^2 = 1.
 */
export class Dpmpp2mSdeSampler implements Sampler {
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

  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep {
    const drawn = drawNoise(noise);
    const stage = this.#history.advance(modelOutput, i, sample);
    const { from, to, h, predictions: [predOriginal = modelOutput] } = stage;
    const next = combine(
      [(to.sigma / from.sigma) * Math.exp(-h), sample],
      ...this.#predictionTerms(stage),
      [to.sigma * Math.sqrt(-Math.expm1(-2 * h)), drawn],
    );
    return { sample: next, predOriginal };
  }

  #predictionTerms(stage: MultistepStage): Term[] {
    const { order, to, h } = stage;
    const phi1 = -Math.expm1(-2 * h);
    const c0 = to.alpha * phi1;
    const exact = to.alpha * (1 - phi1 / (2 * h));
    const c1 = order === 2 && !this.#heun ? c0 / 2 : exact;
    const c2 = to.alpha * ((phi1 - 2 * h) / (2 * h) ** 2 - 0.5);
    return derivativeTerms(stage, c0, c1, c2);
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return this.#history.addNoise(clean, noise, i);
  }
}

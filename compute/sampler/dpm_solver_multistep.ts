/** What the multistep DPM-Solver++ samplers share: past predictions, the order of each step, and their differences. */

import { combine, type Term } from "./linear_combination.ts";
import { cleanReading } from "./prediction.ts";
import type { SamplerMemory } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { endSigma, logSnrSchedule, type ScheduleRequest, startSigma } from "./sigma_schedule.ts";

/** A noise level of samples x = alpha x0 + sigma eps with alpha^2 + sigma^2 = 1. */
export interface Level {
  readonly alpha: number;
  readonly sigma: number;
  /** Half the log-SNR, log(alpha / sigma); Infinity without noise. */
  readonly lambda: number;
}

/** The level whose noise-to-signal ratio is `ratio`. */
export function levelOf(ratio: number): Level {
  const alpha = 1 / Math.sqrt(ratio * ratio + 1);
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) };
}

/** One step to take: between which levels, at which order, from which predictions. */
export interface MultistepStage {
  readonly order: 1 | 2 | 3;
  readonly from: Level;
  readonly to: Level;
  /** The step's length in lambda; Infinity if it ends without noise. */
  readonly h: number;
  /** Clean-sample predictions, the latest first. */
  readonly predictions: readonly Float32Array[];
  /** Distances in lambda of the earlier predictions, divided by this step's. */
  readonly ratios: readonly number[];
}

/** The history of one run; scheduling_dpmsolver_multistep.py in diffusers 0.39 (Apache-2.0). */
export class MultistepHistory {
  readonly timesteps: readonly number[];
  readonly #sigmas: Float32Array;
  readonly #config: SchedulerConfig;
  #predictions: readonly Float32Array[] = [];

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    const { timesteps, sigmas } = logSnrSchedule(config, request, "truncated");
    this.timesteps = timesteps;
    this.#sigmas = sigmas;
    this.#config = config;
  }

  get memory(): SamplerMemory {
    return { predictions: this.#predictions };
  }

  set memory({ predictions = [] }: SamplerMemory) {
    this.#predictions = predictions;
  }

  /** Remembers what call `i` predicted and says how to step on. */
  advance(modelOutput: Float32Array, i: number, sample: Float32Array): MultistepStage {
    const from = levelOf(startSigma(this.#sigmas, i));
    const to = levelOf(endSigma(this.#sigmas, i));
    const x0 = cleanReading(this.#config.predictionType, from.alpha, from.sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    this.#predictions = [predOriginal, ...this.#predictions].slice(0, Math.min(this.#config.solverOrder, 3));

    const h = to.lambda - from.lambda;
    const earlier = (back: number) => levelOf(startSigma(this.#sigmas, i - back)).lambda;
    const order = this.#order(i, h);
    const ratios = Array.from({ length: order - 1 }, (_, back) => (earlier(back) - earlier(back + 1)) / h);
    return { order, from, to, h, predictions: this.#predictions, ratios };
  }

  /**
   * Few-step runs fall back to lower orders at the end, where the curve bends most (arXiv:2211.01095, sec. 4). A step
   * of no length (a shaped schedule that ends at its last level) and an endless one have the first order only.
   */
  #order(i: number, h: number): 1 | 2 | 3 {
    const { lowerOrderFinal, eulerAtFinal, solverOrder } = this.#config;
    const count = this.timesteps.length;
    const few = lowerOrderFinal && count < 15;
    const known = Math.min(this.#predictions.length, solverOrder);
    if (known === 1 || h === 0 || h === Infinity || (i === count - 1 && (eulerAtFinal || few))) return 1;
    return known === 2 || (i === count - 2 && few) ? 2 : 3;
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    const { alpha, sigma } = levelOf(startSigma(this.#sigmas, i));
    return combine([alpha, clean], [sigma, noise]);
  }
}

/**
 * The terms of `c0` D0 + `c1` D1 + `c2` D2, where D_k estimates the k-th derivative of the prediction by lambda times
 * h^k (arXiv:2211.01095, algorithm 2 and appendix A).
 */
export function derivativeTerms(stage: MultistepStage, c0: number, c1: number, c2: number): Term[] {
  const [m0, m1, m2] = stage.predictions;
  const [r0, r1] = stage.ratios;
  if (m0 === undefined) return [];
  if (m1 === undefined || r0 === undefined) return [[c0, m0]];
  if (m2 === undefined || r1 === undefined) return [[c0 + c1 / r0, m0], [-c1 / r0, m1]];
  // D1 = near + r0 / (r0 + r1) (near - far), D2 = (near - far) / (r0 + r1); near = (m0 - m1) / r0, far = (m1 - m2) / r1.
  const bend = (c1 * r0 + c2) / (r0 + r1);
  const near = (c1 + bend) / r0;
  const far = -bend / r1;
  return [[c0 + near, m0], [far - near, m1], [-far, m2]];
}

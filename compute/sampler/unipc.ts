/** UniPC: a multistep predictor whose result the next denoiser call also corrects, at no extra cost. */

import { nth } from "../../elements.ts";
import { type Level, levelOf } from "./dpm_solver_multistep.ts";
import { combine, type Term } from "./linear_combination.ts";
import { solveLinear } from "./linear_system.ts";
import { cleanReading, noiseReading } from "./prediction.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "./sampler.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { endSigma, logSnrSchedule, type ScheduleRequest, startSigma } from "./sigma_schedule.ts";

/**
 * arXiv:2302.04867, algorithms 1 and 2 (B(h) of both kinds); scheduling_unipc_multistep.py in diffusers 0.39
 * (Apache-2.0). Samples are alpha x0 + sigma eps with alpha^2 + sigma^2 = 1.
 */
export class UniPcSampler implements Sampler {
  readonly timesteps: readonly number[];
  readonly initNoiseSigma = 1;
  readonly #sigmas: Float32Array;
  readonly #config: SchedulerConfig;
  /** Outputs read as clean samples (or as noise), the latest first. */
  #outputs: readonly Float32Array[] = [];
  /** What the last prediction started from. */
  #last: Float32Array | undefined;

  constructor(config: SchedulerConfig, request: ScheduleRequest) {
    const { timesteps, sigmas } = logSnrSchedule(config, request);
    this.timesteps = timesteps;
    this.#sigmas = sigmas;
    this.#config = config;
  }

  get memory(): SamplerMemory {
    return { outputs: this.#outputs, last: this.#last === undefined ? [] : [this.#last] };
  }

  set memory({ outputs = [], last }: SamplerMemory) {
    this.#outputs = outputs;
    this.#last = last?.[0];
  }

  scaleInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(modelOutput: Float32Array, i: number, sample: Float32Array): SamplerStep {
    const { predictX0, predictionType, solverOrder, disableCorrector } = this.#config;
    const { alpha, sigma } = this.#level(i);
    const x0 = cleanReading(predictionType, alpha, sigma);
    const eps = noiseReading(predictionType, alpha, sigma);
    const predOriginal = combine([x0.sample, sample], [x0.output, modelOutput]);
    const output = predictX0 ? predOriginal : combine([eps.sample, sample], [eps.output, modelOutput]);

    let corrected = sample;
    if (this.#last !== undefined && !disableCorrector.includes(i - 1)) {
      corrected = this.#update(i - 1, this.#last, this.#orderOf(i - 1), output);
    }

    this.#outputs = [output, ...this.#outputs].slice(0, solverOrder);
    this.#last = corrected;
    return { sample: this.#update(i, corrected, this.#orderOf(i)), predOriginal };
  }

  /** The order of call `i`, of as many outputs as there are after it. */
  #orderOf(i: number): number {
    const { solverOrder, lowerOrderFinal } = this.#config;
    const left = lowerOrderFinal ? this.timesteps.length - i : solverOrder;
    // An endless step in log-SNR and one of no length have the first order only.
    const end = endSigma(this.#sigmas, i);
    const most = end === 0 || end === startSigma(this.#sigmas, i) ? 1 : Math.min(left, solverOrder);
    return Math.min(most, this.#outputs.length);
  }

  /**
   * `x` taken from level `i` to level `i + 1`.
   * @param arrived The output at level `i + 1`, which makes this the corrector.
   */
  #update(i: number, x: Float32Array, order: number, arrived?: Float32Array): Float32Array {
    const [from, to] = [this.#level(i), levelOf(endSigma(this.#sigmas, i))];
    const clean = this.#config.predictX0;
    const kept = clean ? to.sigma / from.sigma : to.alpha / from.alpha;
    // alpha_t (1 - e^-h), or sigma_t (1 - e^h), written without h so that a noiseless end stays finite.
    const first = clean ? to.alpha - kept * from.alpha : to.sigma - kept * from.sigma;
    const [newest = x, ...older] = this.#outputs;
    const used = arrived === undefined ? older.slice(0, order - 1) : [...older.slice(0, order - 1), arrived];
    if (used.length === 0) return combine([kept, x], [first, newest]);

    const h = to.lambda - from.lambda;
    const distances = used.map((output, k) =>
      output === arrived ? 1 : (this.#level(i - k - 1).lambda - from.lambda) / h
    );
    const signed = clean ? -h : h;
    const scale = this.#config.solverType === "bh1" ? signed : Math.expm1(signed);
    const rhos = coefficients(distances, signed, scale);
    const weight = -(clean ? to.alpha : to.sigma) * scale;
    const shares = rhos.map((rho, k) => (weight * rho) / nth(distances, k));
    const terms: Term[] = used.map((output, k) => [nth(shares, k), output]);
    return combine([kept, x], [first - shares.reduce((a, b) => a + b, 0), newest], ...terms);
  }

  #level(i: number): Level {
    return levelOf(startSigma(this.#sigmas, i));
  }

  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    const { alpha, sigma } = this.#level(i);
    return combine([alpha, clean], [sigma, noise]);
  }
}

/**
 * The weights of the differences D_k / r_k (eq. 11 of the paper): sum over k of rho_k r_k^(n-1) = phi_n(h) n! / B(h).
 * A single difference gets 1/2, which keeps the order (appendix F).
 */
function coefficients(distances: readonly number[], h: number, scale: number): number[] {
  if (distances.length === 1) return [0.5];
  const right: number[] = [];
  let factorial = 1;
  let phi = Math.expm1(h) / h - 1;
  for (let n = 1; n <= distances.length; n++) {
    right.push((phi * factorial) / scale);
    factorial *= n + 1;
    phi = phi / h - 1 / factorial;
  }
  return solveLinear(distances.map((_, n) => distances.map((r) => r ** n)), right);
}

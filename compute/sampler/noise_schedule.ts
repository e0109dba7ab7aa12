/** How noisy each training timestep is: betas, their cumulative products, and the timesteps a run visits. */

import { float } from "../../elements.ts";
import { InvalidInputError } from "../../errors.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";

// Tables are rounded to float32 after every operation, as in diffusers' scheduling_*.py (0.39, Apache-2.0), so that
// sigmas and timesteps come out equal to the reference rather than merely close.
const f32 = Math.fround;

/** The stand-in for a cumulative product of 0 in samplers that divide by it: sigma 4096, as in diffusers. */
const LEAST_ALPHA = 2 ** -24;
const GREATEST_SIGMA = 4096;

/** Betas [numTrainTimesteps] of the forward process q(x_t | x_t-1) = N(sqrt(1 - beta_t) x_t-1, beta_t). */
export function trainingBetas(config: SchedulerConfig): Float32Array {
  const betas = config.trainedBetas !== null ? Float32Array.from(config.trainedBetas) : betaCurve(config);
  return config.rescaleBetasZeroSnr ? rescaleZeroTerminalSnr(betas) : betas;
}

function betaCurve({ betaSchedule, betaStart, betaEnd, numTrainTimesteps }: SchedulerConfig): Float32Array {
  switch (betaSchedule) {
    case "linear":
      return linspace32(betaStart, betaEnd, numTrainTimesteps);
    case "scaled_linear":
      return linspace32(Math.sqrt(betaStart), Math.sqrt(betaEnd), numTrainTimesteps).map((root) => root * root);
    case "squaredcos_cap_v2":
      return cosineBetas(numTrainTimesteps);
  }
}

/** Evenly spaced from both ends towards the middle, as `torch.linspace` does in float32. */
function linspace32(start: number, end: number, count: number): Float32Array {
  const [from, to] = [f32(start), f32(end)];
  const step = count > 1 ? f32(f32(to - from) / (count - 1)) : 0;
  return Float32Array.from(
    { length: count },
    (_, i) => i < count / 2 ? f32(from + f32(step * i)) : f32(to - f32(step * (count - i - 1))),
  );
}

/** The cosine schedule of arXiv:2102.09672 (eq. 17), betas capped at 0.999. */
function cosineBetas(count: number): Float32Array {
  const alphaBar = (t: number) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return Float32Array.from(
    { length: count },
    (_, i) => Math.min(1 - alphaBar((i + 1) / count) / alphaBar(i / count), 0.999),
  );
}

/** Shifts and scales sqrt(alphas_cumprod) so that the last one is 0 and the first stays (arXiv:2305.08891, alg. 1). */
export function rescaleZeroTerminalSnr(betas: Float32Array): Float32Array {
  const roots = cumulativeAlphas(betas).map(Math.sqrt);
  const first = float(roots, 0);
  const last = float(roots, roots.length - 1);
  const scale = f32(first / f32(first - last));
  const alphasBar = roots.map((root) => f32(f32(root - last) * scale)).map((root) => root * root);
  return alphasBar.map((alphaBar, i) => 1 - f32(i === 0 ? alphaBar : alphaBar / float(alphasBar, i - 1)));
}

function cumulativeAlphas(betas: Float32Array): Float32Array {
  let product = 1;
  return betas.map((beta) => product *= f32(1 - beta));
}

/**
 * The share of signal left at each training timestep, alpha_bar_t [numTrainTimesteps]: x_t = sqrt(alpha_bar_t) x_0 +
 * sqrt(1 - alpha_bar_t) eps. Under zero terminal SNR the last is 0.
 */
export function alphasCumprod(config: SchedulerConfig): Float32Array {
  return cumulativeAlphas(trainingBetas(config));
}

/** The same for samplers that divide by it: under zero terminal SNR the last is 2^-24. */
export function positiveAlphasCumprod(config: SchedulerConfig): Float32Array {
  const alphas = alphasCumprod(config);
  if (config.rescaleBetasZeroSnr) alphas[alphas.length - 1] = LEAST_ALPHA;
  return alphas;
}

/** The noise-to-signal ratio sqrt((1 - alpha_bar_t) / alpha_bar_t) [numTrainTimesteps], rising. */
export function trainingSigmas(config: SchedulerConfig): Float32Array {
  return positiveAlphasCumprod(config).map((alpha) =>
    alpha === LEAST_ALPHA ? GREATEST_SIGMA : Math.sqrt(f32(f32(1 - alpha) / alpha))
  );
}

/** The number of training timesteps whose half log-SNR is at least `lambdaMinClipped` (arXiv:2211.01095, sec. 8). */
export function unclippedTimesteps(config: SchedulerConfig): number {
  const least = config.lambdaMinClipped;
  return least === -Infinity
    ? config.numTrainTimesteps
    : trainingSigmas(config).filter((sigma) => -Math.log(sigma) >= least).length;
}

/**
 * Which ends of the training range a run touches: `closed` visits both, `open` divides the range into one part more
 * and leaves out the clean end.
 */
export type SpacingRange = "closed" | "open";

/**
 * `steps` training timesteps, falling, by the config's spacing (arXiv:2305.08891, table 2). Whole numbers, except for
 * `linspace` over a closed range.
 */
export function spacedTimesteps(config: SchedulerConfig, steps: number, range: SpacingRange): number[] {
  const total = config.numTrainTimesteps;
  const last = range === "open" ? unclippedTimesteps(config) : total;
  const parts = range === "open" ? steps + 1 : steps;
  const down = (value: (i: number) => number) => Array.from({ length: steps }, (_, i) => value(parts - 1 - i));
  switch (config.timestepSpacing) {
    case "linspace": {
      const gap = parts > 1 ? (last - 1) / (parts - 1) : 0;
      // Whoever asks for one timestep gets the first of the range, 0, as from numpy.linspace.
      const at = (i: number) => i === parts - 1 && parts > 1 ? last - 1 : i * gap;
      return down(range === "open" ? (i) => roundHalfEven(at(i)) : at);
    }
    case "leading": {
      const gap = Math.floor(last / parts);
      return down((i) => i * gap + config.stepsOffset);
    }
    case "trailing": {
      // numpy.arange derives every entry from the difference of its first two.
      const gap = last - total / steps - last;
      return Array.from({ length: steps }, (_, i) => roundHalfEven(last + i * gap) - 1).filter((t) => t >= 0);
    }
  }
}

/** Rounds to the nearest integer, halves to the even one, as numpy does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Refuses a number of steps that the training timesteps cannot be divided into.
 * @throws {InvalidInputError} unless `steps` is an integer from 1 to `numTrainTimesteps`.
 */
export function checkSteps(config: SchedulerConfig, steps: number): void {
  const most = config.numTrainTimesteps;
  if (!Number.isInteger(steps)) throw new InvalidInputError("INVALID_VALUE", ["steps"], steps, "must be an integer");
  if (steps < 1 || steps > most) {
    throw new InvalidInputError("OUT_OF_RANGE", ["steps"], steps, `must be from 1 to ${most}`);
  }
}

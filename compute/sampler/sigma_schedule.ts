/** The noise levels (sigmas) a run descends through, and the training timesteps they belong to. */

import { float, nth } from "../../elements.ts";
import { InvalidInputError } from "../../errors.ts";
import { alignYourStepsSigmas } from "./align_your_steps.ts";
import { symmetricBetaQuantile } from "./beta_quantile.ts";
import { roundHalfEven, spacedTimesteps, trainingSigmas } from "./noise_schedule.ts";
import type { SchedulerConfig, SigmaShape } from "./scheduler_config.ts";

/** What a caller may ask of a schedule; at most one of the lists. */
export interface ScheduleRequest {
  /** The number of noise levels to leave, 1 or more. */
  readonly steps: number;
  /** Training timesteps to visit instead of spaced ones, falling. */
  readonly timesteps?: readonly number[];
  /** Noise levels to descend through instead, falling, the final one (usually 0) included. */
  readonly sigmas?: readonly number[];
}

/** A descent: `sigmas` has one entry more than `timesteps`, the level at which the run ends. */
export interface SigmaSchedule {
  readonly timesteps: readonly number[];
  readonly sigmas: Float32Array;
}

/**
 * The descent of k-diffusion's samplers (arXiv:2206.00364): timesteps may be fractional and include the clean end.
 * Source: `set_timesteps` in diffusers' scheduling_euler_discrete.py (0.39, Apache-2.0).
 */
export function kDiffusionSchedule(config: SchedulerConfig, request: ScheduleRequest): SigmaSchedule {
  const table = trainingSigmas(config);
  if (request.sigmas !== undefined) return givenSigmas(table, request.sigmas);
  const visited = Array.from(request.timesteps ?? spacedTimesteps(config, request.steps, "closed"), Math.fround);
  const levels = visited.map((t) => sigmaOfTimestep(table, t));
  const shaped = request.timesteps === undefined && config.sigmaShape !== "model";
  const sigmas = shaped ? shapedSigmas(config, config.sigmaShape, levels, request.steps) : levels;
  const timesteps = shaped ? timestepsOfSigmas(table, sigmas) : visited;
  return { timesteps: timesteps.map(Math.fround), sigmas: closed(config, table, sigmas) };
}

/**
 * The descent of samplers that step in log-SNR (DPM-Solver, UniPC): whole timesteps, and the clean end left out.
 * Source: `set_timesteps` in diffusers' scheduling_dpmsolver_multistep.py and scheduling_unipc_multistep.py (0.39).
 * @param cosine How timesteps of shaped sigmas become whole where betas follow the cosine schedule.
 * @throws {InvalidInputError} if two steps would share a noise level: their log-SNR distance divides.
 */
export function logSnrSchedule(
  config: SchedulerConfig,
  request: ScheduleRequest,
  cosine: "rounded" | "truncated" = "rounded",
): SigmaSchedule {
  const schedule = logSnrLevels(config, request, cosine);
  const { sigmas } = schedule;
  const repeated = sigmas.subarray(1, -1).findIndex((sigma, i) => !(sigma < startSigma(sigmas, i)));
  if (repeated === -1) return schedule;
  throw new InvalidInputError(
    "OUT_OF_RANGE",
    ["steps"],
    request.steps,
    "must leave every step a noise level of its own",
  );
}

function logSnrLevels(
  config: SchedulerConfig,
  request: ScheduleRequest,
  cosine: "rounded" | "truncated",
): SigmaSchedule {
  const table = trainingSigmas(config);
  if (request.sigmas !== undefined) {
    const given = givenSigmas(table, request.sigmas);
    return { ...given, timesteps: given.timesteps.map(roundHalfEven) };
  }
  if (request.timesteps !== undefined || config.sigmaShape === "model") {
    const timesteps = request.timesteps ?? spacedTimesteps(config, request.steps, "open");
    return { timesteps, sigmas: closed(config, table, timesteps.map((t) => sigmaOfTimestep(table, t))) };
  }
  const sigmas = shapedSigmas(config, config.sigmaShape, table.toReversed(), request.steps);
  // diffusers rounds the shapes it had first, for DPM-Solver on cosine betas excepted, and truncates the later two.
  const truncated = config.sigmaShape === "exponential" || config.sigmaShape === "beta" ||
    (cosine === "truncated" && config.betaSchedule === "squaredcos_cap_v2");
  const whole = truncated ? Math.floor : roundHalfEven;
  return { timesteps: timestepsOfSigmas(table, sigmas).map(whole), sigmas: closed(config, table, sigmas) };
}

function givenSigmas(table: Float32Array, given: readonly number[]): SigmaSchedule {
  const sigmas = Float32Array.from(given);
  return { timesteps: timestepsOfSigmas(table, sigmas.subarray(0, -1)).map(Math.fround), sigmas };
}

function closed(config: SchedulerConfig, table: Float32Array, sigmas: readonly number[]): Float32Array {
  return Float32Array.from([...sigmas, config.finalSigmasType === "zero" ? 0 : float(table, 0)]);
}

/** `steps` sigmas, falling along the curve `shape` between the ends of `levels` (or the config's own ends). */
function shapedSigmas(
  config: SchedulerConfig,
  shape: SigmaShape,
  levels: readonly number[] | Float32Array,
  steps: number,
): number[] {
  const all = Array.from(levels);
  const most = config.sigmaMax ?? nth(all, 0);
  const least = config.sigmaMin ?? nth(all, all.length - 1);
  const ramp = Array.from({ length: steps }, (_, i) => steps > 1 ? i / (steps - 1) : 0);
  switch (shape) {
    case "model":
      return all;
    case "karras": {
      // arXiv:2206.00364, eq. 5, with rho = 7.
      const [from, to] = [most ** (1 / 7), least ** (1 / 7)];
      return ramp.map((r) => (from + r * (to - from)) ** 7);
    }
    case "exponential": {
      const [from, to] = [Math.log(most), Math.log(least)];
      return ramp.map((r) => Math.exp(from + r * (to - from)));
    }
    case "lu": {
      // arXiv:2206.00927, even in log-SNR: the exponential curve, between ends that the reference has in float32.
      const [from, to] = [Math.fround(Math.log(most)), Math.fround(Math.log(least))];
      return ramp.map((r) => Math.exp(from + r * (to - from)));
    }
    case "beta":
      // arXiv:2407.12173, with alpha = beta = 0.6.
      return ramp.map((r) => least + symmetricBetaQuantile(1 - r, 0.6) * (most - least));
    case "ays":
    case "ays-sdxl":
      return alignYourStepsSigmas(shape, steps);
  }
}

/** The sigma at a fractional training timestep, linear between the table's entries and constant beyond its ends. */
export function sigmaOfTimestep(table: Float32Array, timestep: number): number {
  const low = Math.min(Math.max(Math.floor(timestep), 0), table.length - 1);
  const from = float(table, low);
  const to = table[low + 1] ?? from;
  return timestep <= 0 ? from : from + (to - from) * (timestep - low);
}

/** The fractional training timesteps at which the table reaches `sigmas`, linear in log sigma between its entries. */
export function timestepsOfSigmas(table: Float32Array, sigmas: ArrayLike<number>): number[] {
  const logs = table.map(Math.log);
  return Array.from(sigmas, (sigma) => {
    const log = Math.log(Math.max(sigma, 1e-10));
    let low = logs.findLastIndex((entry) => entry <= log);
    low = Math.min(Math.max(low, 0), logs.length - 2);
    const [from, to] = [float(logs, low), float(logs, low + 1)];
    const weight = Math.min(Math.max((from - log) / (from - to), 0), 1);
    return (1 - weight) * low + weight * (low + 1);
  });
}

/**
 * What unit noise is multiplied by to become the first sample of a k-diffusion descent. Spacings that do not start at
 * the last training timestep leave some signal there, which the root accounts for.
 */
export function initialSigma(config: SchedulerConfig, sigmas: Float32Array): number {
  const most = sigmas.reduce((a, b) => Math.max(a, b), 0);
  return Math.fround(config.timestepSpacing === "leading" ? Math.sqrt(most * most + 1) : most);
}

/**
 * The sigma that step `i` starts from.
 * @throws {RangeError} if the schedule has no such step.
 */
export function startSigma(sigmas: Float32Array, i: number): number {
  const sigma = sigmas[i];
  if (sigma === undefined || i === sigmas.length - 1) {
    throw new RangeError(`Cannot take step ${i}: the schedule has ${sigmas.length - 1} steps`);
  }
  return sigma;
}

/** The sigma that step `i` ends at: where the next one starts, or the run's end. */
export function endSigma(sigmas: Float32Array, i: number): number {
  return i === sigmas.length - 2 ? float(sigmas, i + 1) : startSigma(sigmas, i + 1);
}

/**
 * Refuses lists that are not a descent.
 * @throws {InvalidInputError} on both lists at once, a length other than `steps` asks for, or values that do not fall.
 */
export function checkRequest(request: ScheduleRequest): void {
  const { steps, timesteps, sigmas } = request;
  if (timesteps !== undefined && sigmas !== undefined) {
    throw new InvalidInputError("INVALID_VALUE", ["sigmas"], sigmas, "must not be combined with timesteps");
  }
  if (timesteps !== undefined) checkDescent("timesteps", timesteps, steps);
  if (sigmas !== undefined) checkDescent("sigmas", sigmas, steps + 1);
}

function checkDescent(key: string, values: readonly number[], length: number): void {
  if (values.length !== length) {
    throw new InvalidInputError("INVALID_VALUE", [key], values.length, `must have ${length} entries`);
  }
  values.forEach((value, i) => {
    if (!Number.isFinite(value) || value < 0) {
      throw new InvalidInputError("OUT_OF_RANGE", [key, i], value, "must be a number of at least 0");
    }
    if (i > 0 && !(value < nth(values, i - 1))) {
      throw new InvalidInputError("OUT_OF_RANGE", [key, i], value, "must be less than the entry before it");
    }
  });
}

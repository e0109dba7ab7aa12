/** The training timesteps that DDIM-like samplers jump between, with the signal left at each. */

import { float, nth } from "../../elements.ts";
import { InvalidInputError } from "../../errors.ts";
import { combine } from "./linear_combination.ts";
import { alphasCumprod, positiveAlphasCumprod, roundHalfEven, spacedTimesteps } from "./noise_schedule.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import { kDiffusionSchedule, type ScheduleRequest } from "./sigma_schedule.ts";

/** Whole training timesteps, falling, and alpha_bar at and after each. */
export interface DiscreteSchedule {
  readonly timesteps: readonly number[];
  /** The alpha_bar of call `i`. @throws {RangeError} if there is no such call. */
  alphaBar(i: number): number;
  /** The alpha_bar that call `i` steps to. */
  nextAlphaBar(i: number): number;
}

/**
 * The schedule of `set_timesteps` and `step` in diffusers' scheduling_ddim.py (0.39, Apache-2.0): a call steps down by
 * numTrainTimesteps / steps, whatever the spacing. Given timesteps and Align Your Steps step to the next entry.
 */
export function discreteSchedule(config: SchedulerConfig, request: ScheduleRequest): DiscreteSchedule {
  const alphas = readableAlphas(config);
  const uneven = request.timesteps !== undefined || config.sigmaShape !== "model";
  const timesteps = unevenTimesteps(config, request) ??
    spacedTimesteps(config, request.steps, "closed").map(roundHalfEven);
  if (request.timesteps !== undefined) checkTimesteps(timesteps, alphas.length);
  else checkSteps(timesteps, alphas.length, request.steps);
  const gap = Math.floor(config.numTrainTimesteps / request.steps);
  const final = finalAlphaBar(config, alphas);
  return {
    timesteps,
    alphaBar: (i) => alphaBarAt(alphas, timesteps[i]),
    nextAlphaBar: (i) => {
      const next = uneven ? timesteps[i + 1] ?? -1 : nth(timesteps, i) - gap; // -1: the end, behind the last one
      return next < 0 ? final : alphaBarAt(alphas, next);
    },
  };
}

function unevenTimesteps(config: SchedulerConfig, request: ScheduleRequest): readonly number[] | undefined {
  if (request.timesteps !== undefined) return request.timesteps;
  if (config.sigmaShape === "model") return undefined;
  return kDiffusionSchedule(config, request).timesteps.map(roundHalfEven);
}

/** alpha_bar by timestep; never 0 where the clean sample is read off the noise, which divides by it. */
export function readableAlphas(config: SchedulerConfig): Float32Array {
  return config.predictionType === "epsilon" ? positiveAlphasCumprod(config) : alphasCumprod(config);
}

/** The alpha_bar that a run ends at: no noise at all, or what the first training timestep has. */
export function finalAlphaBar(config: SchedulerConfig, alphas: Float32Array): number {
  return config.setAlphaToOne ? 1 : float(alphas, 0);
}

/** @throws {RangeError} if the timestep is not one of training. */
export function alphaBarAt(alphas: Float32Array, timestep: number | undefined): number {
  const alphaBar = timestep === undefined ? undefined : alphas[timestep];
  if (alphaBar === undefined) throw new RangeError(`Cannot read the noise level: no training timestep ${timestep}`);
  return alphaBar;
}

/** @throws {InvalidInputError} on timesteps that training did not have. */
export function checkTimesteps(timesteps: readonly number[], total: number): void {
  const wrong = timesteps.find((t) => !Number.isInteger(t) || t < 0 || t >= total);
  if (wrong === undefined) return;
  throw new InvalidInputError("OUT_OF_RANGE", ["timesteps"], wrong, `must be integers from 0 to ${total - 1}`);
}

/** @throws {InvalidInputError} on so many steps that an offset moves one of their timesteps out of those of training. */
export function checkSteps(timesteps: readonly number[], total: number, steps: number): void {
  if (timesteps.every((t) => t >= 0 && t < total)) return;
  throw new InvalidInputError("OUT_OF_RANGE", ["steps"], steps, `must leave every step one of ${total} timesteps`);
}

/** Noises a clean sample to `alphaBar`: sqrt(alphaBar) x0 + sqrt(1 - alphaBar) eps. */
export function noised(clean: Float32Array, noise: Float32Array, alphaBar: number): Float32Array {
  return combine([Math.sqrt(alphaBar), clean], [Math.sqrt(1 - alphaBar), noise]);
}

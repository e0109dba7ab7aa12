/** Which of a request's steps are taken: all of them from noise, the last ones from a picture. */

import { findSampler } from "../sampler/registry.ts";
import type { PictureRequest } from "./request.ts";

/** The part of a schedule that a generation takes. */
export interface TakenSteps {
  /** Steps that are taken, counted as users count them. */
  readonly steps: number;
  /** The first call of the sampler that is made, counted in the full schedule. */
  readonly begin: number;
  /** The step, from 0, that a call belongs to, of those that are taken. */
  readonly stepOf: (call: number) => number;
}

/**
 * The steps that a strength leaves: `int(steps * strength)`, the last ones, as `get_timesteps` of diffusers' pipelines
 * counts them (`pipeline_stable_diffusion_img2img.py`, 0.39).
 * @returns 0 where it leaves none.
 */
export function stepsOfStrength(steps: number, strength: number): number {
  return Math.min(Math.trunc(steps * strength), steps);
}

/** @param calls How often the sampler calls the denoiser in all the steps. */
export function takenSteps(
  { steps, sampler, init }: Pick<PictureRequest, "steps" | "sampler" | "init">,
  calls: number,
): TakenSteps {
  const taken = init === undefined ? steps : stepsOfStrength(steps, init.strength);
  const begin = (steps - taken) * (findSampler(sampler)?.definition.callsPerStep ?? 1);
  // Some samplers make a call more or less than calls per step times steps; a step ends where its share of them ends.
  return { steps: taken, begin, stepOf: (call) => Math.floor((call - begin) * taken / (calls - begin)) };
}

/** How many steps a picture to start from leaves to be taken. */

import type { PictureRequest } from "./request.ts";

/**
 * The steps that a strength leaves: `int(steps * strength)`, the last ones, as `get_timesteps` of diffusers' pipelines
 * counts them (`pipeline_stable_diffusion_img2img.py`, 0.39).
 * @returns 0 where it leaves none.
 */
export function stepsOfStrength(steps: number, strength: number): number {
  return Math.min(Math.trunc(steps * strength), steps);
}

/** What of a request decides on the steps that it takes. */
export interface StepsRequest extends Pick<PictureRequest, "steps"> {
  readonly init?: Pick<NonNullable<PictureRequest["init"]>, "strength">;
}

/** The steps that the pass of a request takes: all of them from noise. */
export function stepsTaken({ steps, init }: StepsRequest): number {
  return init === undefined ? steps : stepsOfStrength(steps, init.strength);
}

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

/** The steps that a request takes: all of them from noise. */
export function stepsTaken({ steps, init }: Pick<PictureRequest, "steps" | "init">): number {
  return init === undefined ? steps : stepsOfStrength(steps, init.strength);
}

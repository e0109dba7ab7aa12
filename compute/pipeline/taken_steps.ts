/** Which of a request's steps are taken: all of them from noise, the last ones from a picture. */

import { findSampler } from "../sampler/registry.ts";
import type { PictureRequest } from "./request.ts";
import { type StepsRequest, stepsTaken } from "./strength.ts";

/** The part of a schedule that a generation takes. */
export interface TakenSteps {
  /** Steps that are taken, counted as users count them. */
  readonly steps: number;
  /** The first call of the sampler that is made, counted in the full schedule. */
  readonly begin: number;
  /** The step, from 0, that a call belongs to, of those that are taken. */
  readonly stepOf: (call: number) => number;
}

/** @param calls How often the sampler calls the denoiser in all the steps. */
export function takenSteps(
  request: Pick<PictureRequest, "sampler"> & StepsRequest,
  calls: number,
): TakenSteps {
  const taken = stepsTaken(request);
  const begin = (request.steps - taken) * (findSampler(request.sampler)?.definition.callsPerStep ?? 1);
  // Some samplers make a call more or less than calls per step times steps; a step ends where its share of them ends.
  return { steps: taken, begin, stepOf: (call) => Math.floor((call - begin) * taken / (calls - begin)) };
}

/** The timesteps of consistency-distilled models (LCM, TCD): a choice among the few they were distilled on. */

import { InvalidInputError } from "../../errors.ts";
import { checkTimesteps } from "./discrete_schedule.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";

/**
 * Training timesteps, falling, spread over the `originalInferenceSteps` of distillation (arXiv:2310.04378, sec. 4.3);
 * `set_timesteps` in diffusers' scheduling_lcm.py (0.39, Apache-2.0). The config's spacing has no say.
 * @throws {InvalidInputError} if there are more steps than distillation had.
 */
export function distilledTimesteps(config: SchedulerConfig, request: ScheduleRequest): readonly number[] {
  const { numTrainTimesteps, originalInferenceSteps: original } = config;
  if (request.timesteps !== undefined) {
    checkTimesteps(request.timesteps, numTrainTimesteps);
    return request.timesteps;
  }
  if (request.steps > original) {
    throw new InvalidInputError("OUT_OF_RANGE", ["steps"], request.steps, `must be from 1 to ${original}`);
  }
  const gap = Math.floor(numTrainTimesteps / original);
  return Array.from({ length: request.steps }, (_, i) => {
    const skipped = Math.floor(i * (original / request.steps));
    return (original - skipped) * gap - 1;
  });
}

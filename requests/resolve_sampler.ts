/** Which sampler takes a request's steps. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { PictureRequest } from "../compute/pipeline/request.ts";
import type { StepsRequest } from "../compute/pipeline/strength.ts";
import { takenSteps } from "../compute/pipeline/taken_steps.ts";
import {
  createSampler,
  findSampler,
  findSchedule,
  samplerOfFolder,
  samplers,
  scheduleNames,
} from "../compute/sampler/registry.ts";
import { InvalidInputError } from "../errors.ts";
import type { Fail } from "./fail.ts";
import type { RequestSpec } from "./request_spec.ts";

/** The sampler and its schedule, by any of their names. Whether they go together is what {@link countCalls} sees. */
export function resolveSampler(
  spec: Pick<RequestSpec, "sampler" | "schedule">,
  model: UsableModel | undefined,
  fail: Fail,
): Pick<PictureRequest, "sampler" | "schedule"> {
  const own = model === undefined ? undefined : samplerOfFolder(model.config.scheduler);
  const name = spec.sampler ?? own?.name ?? "euler";
  const found = findSampler(name);
  if (found === undefined) {
    fail("UNKNOWN_SAMPLER", "sampler", name, `must be one of ${samplers.map((s) => s.name).join(", ")}`);
  }
  const asked = spec.schedule ?? undefined;
  const schedule = asked === undefined ? found?.schedule ?? "model" : findSchedule(asked);
  if (schedule === undefined) {
    fail("INVALID_VALUE", "schedule", asked, `must be one of ${scheduleNames.join(", ")}`);
  }
  return { sampler: found?.definition.name ?? name, schedule: schedule ?? "model" };
}

/**
 * How often the sampler calls the denoiser in all the steps; undefined where it has no use for them, which is noted.
 * @param from The field that lets it begin elsewhere than at the beginning.
 */
export function countCalls(
  request: Pick<PictureRequest, "sampler" | "schedule"> & StepsRequest,
  model: Pick<UsableModel, "config">,
  fail: Fail,
  from: "initImage" | "secondPass" = "initImage",
): number | undefined {
  const { sampler, steps, schedule } = request;
  const create = (begin: number) =>
    createSampler({ sampler, config: model.config.scheduler, steps, schedule, begin }).timesteps.length;
  try {
    const calls = create(0);
    create(takenSteps(request, calls).begin); // some samplers must begin at the beginning
    return calls;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [field] = error.path;
    fail(error.code, field === "begin" ? from : error.path, error.value, error.rule);
    return undefined;
  }
}

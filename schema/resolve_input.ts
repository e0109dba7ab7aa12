/** The check that every request passes before anything is done with it. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { GenerationRequest } from "../compute/pipeline/request.ts";
import { InvalidInputError, InvalidInputErrors } from "../errors.ts";
import { type RequestSpec, resolveRequest } from "../jobs/resolve_request.ts";
import type { Services } from "./services.ts";

/**
 * A request with every choice made, and its model, whose graphs can be used.
 * @throws {InvalidInputErrors} with everything that is wrong with the input.
 */
export async function resolveInput(
  spec: RequestSpec,
  services: Services,
  randomSeed: () => number,
): Promise<{ readonly request: GenerationRequest; readonly model: UsableModel }> {
  const resolution = resolveRequest(spec, { ...services, randomSeed });
  if ("problems" in resolution) throw new InvalidInputErrors(resolution.problems);
  const inspection = await services.inspector.inspect(resolution.model.name);
  if (!inspection.usable) {
    const rule = `must be a usable model; ${inspection.refused}`;
    throw new InvalidInputErrors([new InvalidInputError("UNSUPPORTED", ["input", "model"], spec.model, rule)]);
  }
  return resolution;
}

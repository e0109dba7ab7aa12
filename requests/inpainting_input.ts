/** What inpainting models cannot do without: a picture, and what of it is painted anew. */

import { inpaintingChannels } from "../compute/model/capabilities.ts";
import { InvalidInputError, InvalidInputErrors } from "../errors.ts";
import type { ResolvedRequest } from "./resolve_request.ts";

/**
 * Refuses a picture by an inpainting model that starts from nothing, or of which nothing is masked. A dry run needs
 * neither.
 * @throws {InvalidInputErrors} INVALID_VALUE at `initImage` or `maskImage`.
 */
export function requireInpaintingInput({ request: { init }, model }: Pick<ResolvedRequest, "request" | "model">): void {
  if (inpaintingChannels(model.config) === 0 || (init !== undefined && init.mask !== null)) return;
  const [field, or] = init === undefined ? ["initImage", ""] : ["maskImage", ", or maskRegion"];
  const rule = `must be set${or}: ${model.name} is an inpainting model`;
  throw new InvalidInputErrors([new InvalidInputError("INVALID_VALUE", ["input", field], null, rule)]);
}

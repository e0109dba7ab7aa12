/** Holes that only show once the regions are drawn. */

import { takenSteps } from "../compute/pipeline/taken_steps.ts";
import { phases } from "../layout/windows.ts";
import type { PaidTurn } from "../workers/timed_worker.ts";
import type { LayoutDrafter } from "./drafting/drafter.ts";
import type { ResolvedRequest } from "./resolve_request.ts";

/**
 * Refuses a layout whose policy is ERROR where regions leave holes at any step. Every other rule of layouts is checked
 * without drawing.
 *
 * @throws {InvalidInputError} UNCOVERED at layout.holes; INVALID_GEOMETRY at layout if it takes too long to draw.
 */
export async function checkCoverage(
  { request, model: { config }, images, calls }: ResolvedRequest,
  drafter: Pick<LayoutDrafter, "check">,
  turn?: PaidTurn,
): Promise<void> {
  const { layout, width, height } = request;
  if (layout.holes !== "ERROR" || layout.regions.length === 0) return;
  // Windows are fractions of the sampler's calls, of which a step may have several.
  const paints = phases(layout, calls, takenSteps(request, calls).begin).map(({ active }) => active);
  await drafter.check({ layout, size: { width, height, factor: config.vaeFactor }, images }, paints, turn);
}

/** Holes that only show once the regions are drawn. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { GenerationRequest } from "../compute/pipeline/request.ts";
import { createSampler } from "../compute/sampler/registry.ts";
import type { LayoutDrafter } from "../drafting/drafter.ts";
import type { MaskImages } from "../layout/masks/mask_image.ts";
import { phases } from "../layout/windows.ts";
import type { PaidTurn } from "../workers/timed_worker.ts";

/**
 * Refuses a layout whose policy is ERROR where regions leave holes at any step. Every other rule of layouts is checked
 * without drawing.
 *
 * @throws {InvalidInputError} UNCOVERED at layout.holes; INVALID_GEOMETRY at layout if it takes too long to draw.
 */
export async function checkCoverage(
  { layout, width, height, steps, sampler, schedule }: GenerationRequest,
  { config }: Pick<UsableModel, "config">,
  images: MaskImages,
  drafter: Pick<LayoutDrafter, "check">,
  turn?: PaidTurn,
): Promise<void> {
  if (layout.holes !== "ERROR" || layout.regions.length === 0) return;
  // Windows are fractions of the sampler's calls, of which a step may have several.
  const { timesteps } = createSampler({ sampler, config: config.scheduler, steps, schedule });
  const paints = phases(layout, timesteps.length).map(({ active }) => active);
  await drafter.check({ layout, size: { width, height, factor: config.vaeFactor }, images }, paints, turn);
}

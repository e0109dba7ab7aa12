/** Guidance scales and negative prompts that would be silently ignored. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { RegionMode } from "../compute/pipeline/denoise.ts";
import type { FieldPath } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";
import type { Fail } from "./fail.ts";

/** What guidance depends on beside the layout. */
export interface GuidanceSurroundings {
  /** The generation's, for the base and for every region without its own. */
  readonly guidanceScale: number;
  readonly mode: RegionMode;
  readonly capabilities: Pick<UsableModel["capabilities"], "guidanceEmbedded">;
}

/**
 * Refuses what guidance would silently ignore: regions' scales on a model that takes one for the whole picture, and
 * negative prompts where nothing is guided. Regions that are not enabled are not looked at: they paint nothing.
 */
export function checkGuidance(
  layout: Layout,
  { guidanceScale, mode, capabilities }: GuidanceSurroundings,
  fail: Fail,
): void {
  const painting = layout.regions.flatMap((region, i) => region.enabled ? [{ region, i }] : []);
  const at = (i: number, field: string): FieldPath => ["layout", "regions", i, field];
  const scaleOf = (region: Layout["regions"][number]) => region.guidanceScale ?? guidanceScale;
  if (capabilities.guidanceEmbedded && mode === "attention") {
    const other = painting.find(({ region }) => scaleOf(region) !== guidanceScale);
    const rule = `must be the generation's ${guidanceScale}: this model takes one guidance scale for the whole picture`;
    if (other !== undefined) fail("UNSUPPORTED", at(other.i, "guidanceScale"), scaleOf(other.region), rule);
  }
  const unguided = guidanceScale === 1 && painting.every(({ region }) => scaleOf(region) === 1);
  if (!capabilities.guidanceEmbedded && !unguided) return;
  const rule = capabilities.guidanceEmbedded
    ? "must be empty: this model has no negative prompts"
    : "must be empty: without guidance (scale 1) a negative prompt has no effect";
  for (const field of ["commonNegativePrompt", "negativePrompt"] as const) {
    if (layout[field] !== "") fail("UNSUPPORTED", ["layout", field], layout[field], rule);
  }
  for (const { region: { negativePrompt }, i } of painting) {
    if (negativePrompt) fail("UNSUPPORTED", at(i, "negativePrompt"), negativePrompt, rule);
  }
}

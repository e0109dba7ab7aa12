/** What a pass over a picture is made of: its sampler, its noise, its weight maps. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import { compileWeightMaps, type WeightMaps } from "../../layout/weights/weight_maps.ts";
import { type Phase, phases } from "../../layout/windows.ts";
import type { ModelConfig } from "../model/config.ts";
import { createSampler } from "../sampler/registry.ts";
import type { Sampler } from "../sampler/sampler.ts";
import { RegionNoise, type SeedShare } from "./region_noise.ts";
import type { PictureRequest } from "./request.ts";
import type { PaintingPass } from "./second_request.ts";
import type { StepsRequest } from "./strength.ts";
import { type TakenSteps, takenSteps } from "./taken_steps.ts";

/** A request's sampler, and which of its calls are made. */
export function samplerOf(
  request: Pick<PictureRequest, "sampler" | "schedule"> & StepsRequest,
  config: ModelConfig["scheduler"],
): {
  readonly sampler: Sampler;
  readonly calls: number;
  readonly taken: TakenSteps;
} {
  const { sampler: name, steps, schedule } = request;
  const create = (begin: number) => createSampler({ sampler: name, config, steps, schedule, begin });
  const calls = create(0).timesteps.length;
  const taken = takenSteps(request, calls);
  return { sampler: create(taken.begin), calls, taken };
}

/**
 * A request's noise: its seeds', at the size of its latents.
 * @param takeovers Of the seeds of its re-rolls.
 */
export function noiseOf(
  { seed, layout, width, height, variation }: PaintingPass,
  config: ModelConfig,
  takeovers: readonly SeedShare[] = [],
): RegionNoise {
  const cells = { height: height / config.vaeFactor, width: width / config.vaeFactor };
  return new RegionNoise({
    seed,
    regionSeeds: layout.regions.map(({ seed }) => seed),
    takeovers,
    count: config.latents.channels * cells.height * cells.width,
    ...(variation === undefined ? {} : { variation: { ...variation, ...cells } }),
  });
}

/**
 * The weight maps of the sampler's calls, asked for in their order. Regions' windows cut the schedule into phases, two for
 * every region at most; each is compiled when it begins, and only the latest is kept.
 */
export function weightMapsByCall(
  { layout, width, height }: PaintingPass,
  imagesNow: () => MaskImages,
  { factor, calls, begin }: { readonly factor: number; readonly calls: number; readonly begin: number },
): (call: number) => WeightMaps | null {
  if (layout.regions.length === 0) return () => null;
  const cut = phases(layout, calls, begin);
  let current: { readonly phase: Phase; readonly maps: WeightMaps } | undefined;
  return (call) => {
    const phase = cut.find(({ end }) => call < end);
    if (phase === undefined) return null;
    if (current?.phase !== phase) {
      const maps = compileWeightMaps(layout, { width, height, factor }, { active: phase.active, images: imagesNow() });
      current = { phase, maps };
    }
    return current.maps;
  };
}

/** A request as it would be asked for: what a changed one is made of. */

import type { GenerationRequest } from "../../jobs/request.ts";
import { specOfLayout } from "../../layout/spec_of.ts";
import type { InputSpec } from "./resolve_input.ts";

/** The input that `resolveInput` turns into an equal request, but for where its layout was taken from. */
export function inputOf({ layout, init, variation, savedLayout: _, ...same }: GenerationRequest): InputSpec {
  return {
    ...same,
    layout: specOfLayout(layout),
    variationSeed: variation?.seed,
    variationStrength: variation?.strength,
    ...initOf(init),
  };
}

function initOf(init: GenerationRequest["init"]): Partial<InputSpec> {
  if (init === undefined) return {};
  const { image, strength, mask } = init;
  if (mask === null) return { initImage: image, strength };
  const { area, inverted, feather } = mask;
  return {
    initImage: image,
    strength,
    maskImage: area.kind === "IMAGE" ? area.image : undefined,
    maskRegion: area.kind === "REGION" ? area.region : undefined,
    maskInverted: inverted,
    maskFeather: feather,
  };
}

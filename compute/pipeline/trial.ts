/** Pictures that nobody looks at: they warm an engine up, and show how long it takes. */

import { type Layout, PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../layout/layout.ts";
import type { ModelConfig } from "../model/config.ts";
import type { PictureRequest } from "./request.ts";

/** Steps of a warm-up: in the last ones nothing gets faster any more. */
export const WARM_UP_STEPS = 8;

/** What a warm-up paints: two halves, so that regional attention has its turn. */
export const TWO_HALVES: Layout = {
  ...PLAIN_LAYOUT,
  regions: [half("left", 0), half("right", 0.5)],
};

function half(name: string, x: number): Region {
  return { ...PLAIN_REGION, name, geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 }, prompt: name };
}

/** A picture of native size that shows nothing but how long it takes. */
export function trialOf(
  { name, nativeSize }: Pick<ModelConfig, "name" | "nativeSize">,
  how: Pick<PictureRequest, "layout" | "steps" | "guidanceScale">,
): PictureRequest {
  return {
    ...how,
    model: name,
    width: nativeSize,
    height: nativeSize,
    sampler: "euler",
    schedule: "model",
    guidanceStart: 0,
    guidanceEnd: 1,
    previews: "linear",
    seed: 0,
    mode: "attention",
    format: "PNG",
  };
}

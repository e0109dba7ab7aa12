/** Painting what is judged: by DDIM, in attention mode, at native size, unless the request is changed. */

import type { UsableModel } from "../../compute/model/catalog.ts";
import type { Pipeline } from "../../compute/pipeline/generate.ts";
import type { PictureRequest } from "../../compute/pipeline/request.ts";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";

/** The request of a layout, with the guidance that suits the model. */
export function requestOf(
  { name, config: { nativeSize }, defaults: { guidanceScale } }: UsableModel,
  what: Pick<PictureRequest, "layout" | "seed" | "steps">,
): PictureRequest {
  return {
    ...what,
    model: name,
    width: nativeSize,
    height: nativeSize,
    sampler: "ddim",
    schedule: "model",
    guidanceScale,
    guidanceStart: 0,
    guidanceEnd: 1,
    previews: "linear",
    mode: "attention",
    format: "PNG",
  };
}

/** The picture alone. */
export async function paint(pipeline: Pipeline, request: PictureRequest): Promise<RgbImage> {
  for await (const output of pipeline.generate(request)) {
    if (output.type === "IMAGE") return output.image;
  }
  throw new RangeError("Cannot judge a generation that gave no picture");
}

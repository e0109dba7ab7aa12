/** How many predictions of the UNet a generation takes: the best measure of its time there is before it is painted. */

import { nth } from "../../elements.ts";
import type { Layout } from "../../layout/layout.ts";
import { activeAt } from "../../layout/windows.ts";
import { guidanceScales, guidedCalls, isGuided } from "./guidance.ts";
import { modeByCall } from "./predictor.ts";
import type { PictureRequest } from "./request.ts";
import { takenSteps } from "./taken_steps.ts";

/** What of a request decides on its predictions. */
export type PassRequest = Pick<
  PictureRequest,
  "layout" | "steps" | "sampler" | "mode" | "modeUntil" | "guidanceScale" | "guidanceStart" | "guidanceEnd" | "init"
>;

/** What of its model decides on them. */
export interface PassSurroundings {
  /** How often the sampler calls the denoiser in all the steps. */
  readonly calls: number;
  /** Whether the UNet takes the guidance scale as an input, and needs no second prediction for it. */
  readonly guidanceEmbedded: boolean;
}

/**
 * The predictions of each step that is taken. A call of the sampler takes one, and another where it is guided; in latent mode each
 * of the two is one for the base and for every region that paints then, but for negative prompts that are all the same.
 *
 * At most so many are made: in latent mode, what turns out to have no weight in any cell takes none.
 * @returns One number per step.
 */
export function passesByStep(request: PassRequest, { calls, guidanceEmbedded }: PassSurroundings): readonly number[] {
  const { layout } = request;
  const modeAt = modeByCall(request, calls);
  const { steps, begin, stepOf } = takenSteps(request, calls);
  const guided = isGuided(guidanceScales(request), guidanceEmbedded);
  const { first, end } = guidedCalls(request, calls);
  const negatives = distinctNegatives(layout);
  const passes = new Array<number>(steps).fill(0);
  for (let call = begin; call < calls; call++) {
    const painting = layout.regions.filter((region) => region.enabled && activeAt(region, call, calls)).length;
    const conditional = modeAt(call) === "attention" ? 1 : 1 + painting;
    const unconditional = !guided || call < first || call >= end ? 0 : negatives ? conditional : 1;
    const step = stepOf(call);
    passes[step] = nth(passes, step) + conditional + unconditional;
  }
  return passes;
}

/** Whether negative prompts differ, by their texts. */
function distinctNegatives({ negativePrompt, regions }: Layout): boolean {
  return regions.some((region) => region.enabled && (region.negativePrompt ?? negativePrompt) !== negativePrompt);
}

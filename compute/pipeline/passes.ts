/** How many predictions of the UNet a generation takes: the best measure of its time there is before it is painted. */

import { nth } from "../../elements.ts";
import type { Layout } from "../../layout/layout.ts";
import { pictureLoras } from "../../layout/loras.ts";
import { activeAt } from "../../layout/windows.ts";
import { whereFound } from "../../layout/words.ts";
import { guidanceScales, guidedCalls, isGuided } from "./guidance.ts";
import { modeByCall } from "./predictor.ts";
import { predictedShare, windowCount, type WindowedRequest } from "./picture_windows.ts";
import type { PictureRequest } from "./request.ts";
import { heldRuns } from "./held_runs.ts";
import { secondPassOf } from "./second_request.ts";
import type { StepsRequest } from "./strength.ts";
import { takenSteps } from "./taken_steps.ts";

/** What of a request decides on its predictions. */
export type PassRequest =
  & Pick<
    PictureRequest,
    | "layout"
    | "steps"
    | "sampler"
    | "mode"
    | "modeUntil"
    | "guidanceScale"
    | "guidanceStart"
    | "guidanceEnd"
    | "rerolls"
  >
  & StepsRequest
  & WindowedRequest;

/** What of its model decides on them. */
export interface PassSurroundings {
  /** How often the sampler calls the denoiser in all the steps. */
  readonly calls: number;
  /** The same in the steps of the second pass, if there is one. */
  readonly secondCalls?: number | undefined;
  /** Whether the UNet takes the guidance scale as an input, and needs no second prediction for it. */
  readonly guidanceEmbedded: boolean;
}

/**
 * The predictions of each step that is taken, in both passes. A call of the sampler takes one, and another where it is
 * guided; in latent mode each of the two is one for the base and for every region that paints then, but for negative
 * prompts that are all the same, in words and LoRAs. Predictions are counted by their size: one of a window is the share of
 * the picture that it shows, one of the second pass as many as its picture is times as large.
 *
 * What a re-roll holds to takes as many again.
 *
 * At most so many are made: in latent mode, what turns out to have no weight in any cell takes none.
 * @returns One number per step.
 */
export function passesByStep(
  request: PassRequest & Pick<PictureRequest, "secondPass">,
  { calls, secondCalls, guidanceEmbedded }: PassSurroundings,
): readonly number[] {
  const second = secondPassOf(request);
  const first = passesOf(request, calls, guidanceEmbedded);
  if (second === undefined || secondCalls === undefined) return first;
  const times = second.width * second.height / (request.width * request.height);
  const found = { ...second, layout: whereFound(second.layout) };
  return [...first, ...passesOf(found, secondCalls, guidanceEmbedded).map((passes) => passes * times)];
}

function passesOf(request: PassRequest, calls: number, guidanceEmbedded: boolean): readonly number[] {
  const { layout } = request;
  const modeAt = modeByCall(request, calls);
  const { steps, begin, stepOf } = takenSteps(request, calls);
  const guided = isGuided(guidanceScales(request), guidanceEmbedded);
  const { first, end } = guidedCalls(request, calls);
  const negatives = distinctNegatives(layout) || pictureLoras(layout).regions.some((own) => own.length > 0);
  const size = heldRuns(request).length * windowCount(request) * predictedShare(request);
  const passes = new Array<number>(steps).fill(0);
  for (let call = begin; call < calls; call++) {
    const painting = layout.regions.filter((region) => region.enabled && activeAt(region, call, calls, begin)).length;
    const conditional = modeAt(call) === "attention" ? 1 : 1 + painting;
    const unconditional = !guided || call < first || call >= end ? 0 : negatives ? conditional : 1;
    const step = stepOf(call);
    passes[step] = nth(passes, step) + (conditional + unconditional) * size;
  }
  return passes;
}

/** Whether negative prompts differ, by their texts. */
function distinctNegatives({ negativePrompt, regions }: Layout): boolean {
  return regions.some((region) => region.enabled && (region.negativePrompt ?? negativePrompt) !== negativePrompt);
}

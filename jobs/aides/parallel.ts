/** What of a request several workers can compute at once. */

import { guidanceScales, isGuided } from "../../compute/pipeline/guidance.ts";
import { windowCount } from "../../compute/pipeline/picture_windows.ts";
import { secondPassOf } from "../../compute/pipeline/second_request.ts";
import type { Layout } from "../../layout/layout.ts";
import { pictureLoras } from "../../layout/loras.ts";
import { regionWords } from "../../layout/words.ts";
import type { GenerationRequest } from "../request.ts";
import type { SharedWork } from "./exchange.ts";

/** What it is cut into. */
export interface Parallel {
  /** Several pictures are not cut any further. */
  readonly work: SharedWork;
  /** So many workers have something to do at once, at most; 1: nothing is shared. */
  readonly parts: number;
  readonly pictures: number;
  /** Predictions of a call of the denoiser: 2 with guidance, with the prompts and without. */
  readonly guidanceHalves: 1 | 2;
  /** Windows of the pass with the most. */
  readonly windows: number;
  /** Of regions kept apart in latent mode, the base included; 1 in attention mode. */
  readonly regions: number;
}

/** What of a request decides on it. */
export type ParallelRequest = Pick<
  GenerationRequest,
  | "layout"
  | "guidanceScale"
  | "guidanceStart"
  | "guidanceEnd"
  | "mode"
  | "modeUntil"
  | "width"
  | "height"
  | "windows"
  | "secondPass"
  | "steps"
  | "init"
  | "count"
>;

/**
 * What a request is cut into; of predictions, as the call of the denoiser that takes the most.
 * @param guidanceEmbedded Whether the model takes the guidance scale as an input, and needs no second prediction for it.
 */
export function parallelOf(
  request: ParallelRequest,
  { guidanceEmbedded }: { readonly guidanceEmbedded: boolean },
): Parallel {
  const { layout, mode, modeUntil = 1, guidanceStart, guidanceEnd, count = 1 } = request;
  const guided = isGuided(guidanceScales(request), guidanceEmbedded) && guidanceStart < guidanceEnd;
  const latent = mode === "latent" || modeUntil < 1;
  const regions = latent ? 1 + layout.regions.filter(({ enabled }) => enabled).length : 1;
  const second = secondPassOf(request);
  const windows = Math.max(windowCount(request), second === undefined ? 0 : windowCount(second));
  const predicted = windows * regions;
  const unprompted = windows * (guided ? negativePasses(layout, regions) : 0);
  const work = count > 1 ? "PICTURES" : "PREDICTIONS";
  // Who paints a whole picture does not tell its painter where words were found.
  const pictures = regionWords(layout).length > 0 ? 1 : count;
  const parts = work === "PICTURES" ? pictures : predicted + unprompted;
  return { work, parts, pictures: count, guidanceHalves: guided ? 2 : 1, windows, regions };
}

/** Without the prompts, regions in latent mode take one prediction together where their negative prompts are the same. */
function negativePasses(layout: Layout, regions: number): number {
  const differ = layout.regions.some(({ enabled, negativePrompt }) =>
    enabled && (negativePrompt ?? layout.negativePrompt) !== layout.negativePrompt
  );
  return differ || pictureLoras(layout).regions.some((own) => own.length > 0) ? regions : 1;
}

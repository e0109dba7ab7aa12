/** What a generation tells while it is painted, and at its end. */

import type { AttentionCost } from "../model/regional_feeds.ts";
import type { PictureState } from "./picture_state.ts";
import type { PreviewMethod } from "./request.ts";
import type { RgbImage } from "./rgb_image.ts";
import type { FoundMask } from "./word_search.ts";

/** What a generation gives out, in this order: `STEP` once per step, then `IMAGE`. */
export type GenerationOutput =
  | {
    readonly type: "STEP";
    /** Steps completed, from 1 to `steps`. */
    readonly step: number;
    readonly steps: number;
    /** Milliseconds that this step took, its preview included. */
    readonly stepMs: number;
    /** Milliseconds of these that its preview took. */
    readonly previewMs: number;
    /** Predictions of the UNet that it took. */
    readonly passes: number;
    /** Predictions that the steps after it will take, see {@link passesByStep}. */
    readonly passesLeft: number;
    /** The predicted finished picture. */
    readonly preview: RgbImage;
    /** How it was made: as the request says, or by the linear map where nobody wanted it. */
    readonly previewMethod: PreviewMethod;
    /** Where regions that are found by words lie: with the step after which it is known, null with all others. */
    readonly regionMasks: readonly FoundMask[] | null;
    /** What the picture can be gone on from; null after the last step, where nothing is left but to decode it. */
    readonly state: PictureState | null;
  }
  | {
    readonly type: "IMAGE";
    readonly image: RgbImage;
    readonly timing: GenerationTiming;
    /** What regional attention cost in one conditional prediction of the last step, level by level. */
    readonly attention: readonly AttentionCost[];
  };

/** What a step took. */
export type StepTiming = Pick<Extract<GenerationOutput, { type: "STEP" }>, "stepMs" | "previewMs" | "passes">;

/** Where the time went, in milliseconds. */
export interface GenerationTiming {
  /** Loading what was not loaded yet. */
  readonly loadMs: number;
  /** Encoding the prompts. */
  readonly encodeMs: number;
  /** All denoising steps, their previews included. */
  readonly denoiseMs: number;
  /** Decoding the picture. */
  readonly decodeMs: number;
}

/** What a caller of `Compute.generate` may give beside the request. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Aides } from "../pipeline/shared_calls.ts";
import type { Continuation, GenerationStep } from "./protocol.ts";

/** Everything has a default. */
export interface GenerateOptions {
  /** The images of the layout's painted masks. Copied, except where their pixels are in shared memory. */
  readonly images?: MaskImages;
  /** Called after every step; from step 1 again where the device was lost on the way. */
  readonly onStep?: (step: GenerationStep) => void;
  /** By step, from 1: not 0 where somebody wants its preview; it may change meanwhile. Without it all are wanted. */
  readonly watched?: Int32Array<SharedArrayBuffer>;
  /** Stops the generation after the step that runs. */
  readonly signal?: AbortSignal;
  /** Stops it as well, unless it was the last one, with a checkpoint of where it stands. */
  readonly drain?: AbortSignal;
  /** What it goes on from, and how often checkpoints are made. Default: neither. */
  readonly continuation?: Continuation;
  /** Others that make predictions of it. Default: nobody. */
  readonly aides?: Aides;
}

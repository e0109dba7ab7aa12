/** Calls of the denoiser whose predictions several workers make: what they tell each other. */

import type { Tensor } from "../tensor.ts";
import type { NamedImage } from "./named_images.ts";

/**
 * One call of the denoiser. Its predictions are its parts, numbered in the order in which one worker alone makes them:
 * those with the prompts, then those without; each of them by region in latent mode, and by window.
 */
export interface SharedCall {
  /** Unlike those of all other calls of the same run: a picture that is held to another takes the same call twice. */
  readonly id: number;
  /** 0 while the picture itself is painted, 1 in its second pass. */
  readonly pass: 0 | 1;
  /** The call of the pass's sampler, counted in its full schedule from 0. */
  readonly call: number;
  /** [1, C, h, w], as the UNet takes it: scaled, and with what an inpainting model sees behind it. */
  readonly sample: Tensor;
  /** Of words that were found in the picture, which only its painter looks for; absent where there are none. */
  readonly found?: readonly NamedImage[];
}

/** Parts of a call that another worker is to make. */
export interface CallShare extends SharedCall {
  readonly parts: readonly number[];
}

/** Others that compute with this worker. */
export interface Aides {
  /** One int32: how many are there. As long as it is 0 nobody is asked. It may change at any time. */
  readonly present: Int32Array<SharedArrayBuffer>;
  /**
   * Gives parts of a call away, before any of it is computed here.
   * @param count How many parts the call has, 2 or more: 0 to `count` - 1.
   * @returns Which of them others have taken; empty where nobody has.
   */
  share(call: SharedCall, count: number): Promise<readonly number[]>;
  /**
   * What became of the parts that were taken of a call: the predictions as they come from the UNet, [1, C, h, w] of a
   * window. What is null or not there is lost, and computed here. Asked before the own parts are computed, so that it is
   * under way meanwhile; never for a call of which nothing was taken.
   */
  collect(id: SharedCall["id"]): Promise<ReadonlyMap<number, Float32Array | null>>;
}

/** A request of another worker, prepared so that parts of its calls can be made. */
export interface Share {
  /**
   * Predicts parts of a call.
   * @returns [1, C, h, w] of a window each, in the order of `parts`.
   * @throws {ShareError}
   */
  predict(call: CallShare): Promise<readonly Float32Array[]>;
  /** Ends it; what is being predicted ends after the part that runs. Closing again does nothing. */
  close(): void;
}

/** Why parts of another worker's call cannot be made here. */
export type ShareErrorCode =
  /** The request has no such call or part. */
  | "NOT_SHAREABLE"
  /** It was closed. */
  | "CLOSED"
  /** What it was prepared with is not there any more: the device was lost, the model's files changed, the Worker died. */
  | "LOST"
  /** It could not be prepared or predicted, as its own picture could not be. */
  | "FAILED";

/** Parts of another worker's call cannot be made here. */
export class ShareError extends Error {
  override readonly name = "ShareError";

  constructor(readonly code: ShareErrorCode, message: string) {
    super(message);
  }
}

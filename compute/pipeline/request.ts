/** A picture to be painted: every choice made, nothing left to defaults. */

import type { ImageFormat } from "../../image/format.ts";
import type { Layout } from "../../layout/layout.ts";
import type { LoraUse, RegionalLora } from "../../layout/lora_use.ts";
import type { ScheduleName } from "../sampler/registry.ts";
import type { RegionMode } from "./predictor.ts";
import type { WindowGrid } from "../windows.ts";

/**
 * How previews are made: by a linear map of the latents, one pixel per latent cell, at next to no cost; or by the
 * model folder's tiny autoencoder, sharper, at the cost of a decode for each step that somebody watches.
 */
export type PreviewMethod = "linear" | "autoencoder";

/** What of a picture is painted anew. */
export interface RepaintMask {
  /**
   * Where it is: where an uploaded image is white, or where a region of the layout is, enabled or not, with its own feather.
   */
  readonly area:
    | {
      readonly kind: "IMAGE";
      /** The SHA-256 of the image file. */
      readonly image: string;
    }
    | {
      readonly kind: "REGION";
      /** The region's name. */
      readonly region: string;
    };
  /** Whether everything else is painted anew instead. */
  readonly inverted: boolean;
  /** Standard deviation of the Gaussian that softens its border, in fractions of the picture's short edge, [0, 0.5]. */
  readonly feather: number;
}

/** A picture to start from in place of noise. */
export interface InitPicture {
  /** The SHA-256 of the image file. */
  readonly image: string;
  /** How much of it is noise at the start, 0 < strength <= 1: the share of the steps that are taken, the last ones. */
  readonly strength: number;
  /** Null: all of it. */
  readonly mask: RepaintMask | null;
}

/** New noise for regions of a picture that is otherwise painted as it was. */
export interface Reroll {
  /** The generation whose picture that was, on which the new one does not depend; null where a file said how it was painted. */
  readonly of: string | null;
  /** Names of regions, each with the seed of its new noise, 0 to 2^32 - 1. */
  readonly regions: readonly { readonly name: string; readonly seed: number }[];
  /** Whether everything else is held at every step to what it was, which takes its predictions once more. */
  readonly lockRest: boolean;
}

/** The picture is enlarged, noised in part and denoised again. */
export interface SecondPass {
  /** How many times as wide and high the finished picture is, more than 1. */
  readonly scale: number;
  /** What is enlarged: the latents of the first pass, or its picture, which is decoded and encoded for it. */
  readonly upscale: "latent" | "pixel";
  /** How much of it is noise at the start, 0 < strength <= 1: the share of `steps` that is taken, the last ones. */
  readonly strength: number;
  readonly steps: number;
}

/** A start near that of the seed. */
export interface Variation {
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** How far the noise is turned towards that of this seed, 0 < strength <= 1. */
  readonly strength: number;
}

/**
 * What to paint. Plain JSON: the same request gives the same picture.
 *
 * @example
 * ```ts
 * import { PLAIN_LAYOUT } from "../../layout/layout.ts";
 * import { DiffusionModel } from "../model/model.ts";
 * import { createWasmRuntime } from "../runtime/wasm.ts";
 * import { Pipeline } from "./generate.ts";
 * import type { PictureRequest } from "./request.ts";
 *
 * const runtime = createWasmRuntime({ threads: 2, reason: "an example" });
 * const pipeline = new Pipeline(new DiffusionModel(runtime, "models/beds-256-lcm", "beds-256-lcm"));
 * const request: PictureRequest = {
 *   model: "beds-256-lcm",
 *   layout: { ...PLAIN_LAYOUT, basePrompt: "a fox, forest" },
 *   width: 64,
 *   height: 64,
 *   steps: 2,
 *   sampler: "lcm",
 *   schedule: "model",
 *   guidanceScale: 1,
 *   guidanceStart: 0,
 *   guidanceEnd: 1,
 *   previews: "linear",
 *   seed: 1,
 *   mode: "attention",
 *   format: "PNG",
 * };
 * for await (const output of pipeline.generate(request)) {
 *   if (output.type === "STEP") console.log(`${output.step} of ${output.steps}`);
 *   else console.log(`${output.image.width} x ${output.image.height} pixels`);
 * }
 * ```
 */
export interface PictureRequest {
  /** Name of a model folder. */
  readonly model: string;
  readonly layout: Layout;
  /** Pixels, of the first pass where there is a second one; multiples of the model's VAE factor. */
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  /** Stable name from the sampler registry. */
  readonly sampler: string;
  readonly schedule: ScheduleName;
  /** Classifier-free guidance; regions may override it. 1 means none. */
  readonly guidanceScale: number;
  /** The part of the steps that is guided, in fractions of all steps: 0 <= guidanceStart < guidanceEnd <= 1. */
  readonly guidanceStart: number;
  readonly guidanceEnd: number;
  /** How previews are made. */
  readonly previews: PreviewMethod;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  readonly mode: RegionMode;
  /** The part of the steps that `mode` is for, 0 < modeUntil < 1; latent mode takes over then. Absent: all of them. */
  readonly modeUntil?: number;
  /** LoRAs of the whole picture, beside those that prompts name; absent for none. */
  readonly loras?: readonly LoraUse[];
  /** What becomes of layers of regions' LoRAs that do not act on prompts alone; absent: `CONTEXT_ONLY`. */
  readonly regionalLora?: RegionalLora;
  readonly format: ImageFormat;
  /** What to start from; absent for noise. */
  readonly init?: InitPicture;
  /** Absent for none. */
  readonly variation?: Variation;
  /** Which layer of the text encoders is read, counted back from the one that is meant, 2 or more; absent for that one. */
  readonly clipSkip?: number;
  /** One after the other, each of the picture that those before it give. Absent for none. */
  readonly rerolls?: readonly Reroll[];
  /** Absent for none. */
  readonly secondPass?: SecondPass;
  /** What a large picture is predicted by, in pixels, multiples of the model's VAE factor; absent: as a whole. */
  readonly windows?: WindowGrid;
}

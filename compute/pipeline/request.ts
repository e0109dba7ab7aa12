/** A picture to be painted: every choice made, nothing left to defaults. */

import type { ImageFormat } from "../../image/format.ts";
import type { Layout } from "../../layout/layout.ts";
import type { LoraUse, RegionalLora } from "../../layout/lora_use.ts";
import type { ScheduleName } from "../sampler/registry.ts";
import type { RegionMode } from "./predictor.ts";

/**
 * How previews are made: by a linear map of the latents, one pixel per latent cell, at next to no cost; or by the
 * model folder's tiny autoencoder, sharper, at the cost of a decode per step.
 */
export type PreviewMethod = "linear" | "autoencoder";

/** What to paint. Plain JSON: the same request gives the same picture. */
export interface PictureRequest {
  /** Name of a model folder. */
  readonly model: string;
  readonly layout: Layout;
  /** Pixels; multiples of the model's VAE factor. */
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
  /** LoRAs of the whole picture, beside those that prompts name; absent for none. */
  readonly loras?: readonly LoraUse[];
  /** What becomes of layers of regions' LoRAs that do not act on prompts alone; absent: `CONTEXT_ONLY`. */
  readonly regionalLora?: RegionalLora;
  readonly format: ImageFormat;
}

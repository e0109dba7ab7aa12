/** What a file of another tool says about the painting itself, beside its layout. */

import type { LoraUse, RegionalLora } from "../lora_use.ts";

/**
 * Settings of a generation, by the names of `GenerateInput`, as the file has them and not checked against any model; what
 * it does not say is absent. What has no counterpart here is told in a warning, SETTING_LEFT_OUT.
 */
export interface ImportedSettings {
  /** The name of a model or checkpoint, as it is called there; seldom the name of one here. */
  readonly model?: string;
  /** Pixels, whole numbers greater than 0. */
  readonly width?: number;
  readonly height?: number;
  /** Denoising steps, a whole number greater than 0. */
  readonly steps?: number;
  /** As the tool calls it; a name may imply a schedule ("DPM++ 2M Karras"). */
  readonly sampler?: string;
  readonly schedule?: string;
  /** How strongly prompts are followed; 1 is none. */
  readonly guidanceScale?: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed?: number;
  /** The part of the steps that is guided, in fractions. */
  readonly guidanceStart?: number;
  readonly guidanceEnd?: number;
  /** Where regions are kept apart. */
  readonly mode?: "ATTENTION" | "LATENT";
  /** The part of the steps that it is for. */
  readonly modeUntil?: number;
  /** In pixels. */
  readonly windows?: { readonly size: number; readonly overlap: number };
  readonly secondPass?: {
    readonly scale: number;
    readonly upscale: "PIXEL" | "LATENT";
    readonly strength: number;
    readonly steps: number;
  };
  readonly previews?: "LINEAR" | "AUTOENCODER";
  readonly clipSkip?: number;
  /** The SHA-256 of a picture that was started from, and of what of it was painted anew, or a region's name. */
  readonly initImage?: string;
  readonly strength?: number;
  readonly maskImage?: string;
  readonly maskRegion?: string;
  readonly maskInverted?: boolean;
  readonly maskFeather?: number;
  readonly variationSeed?: number;
  readonly variationStrength?: number;
  /** LoRAs of the whole picture, beside those that prompts name. */
  readonly loras?: readonly LoraUse[];
  readonly regionalLora?: RegionalLora;
}

/** Settings while a file is read. */
export type SettingsDraft = { -readonly [Name in keyof ImportedSettings]: ImportedSettings[Name] };

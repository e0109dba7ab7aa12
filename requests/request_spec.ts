/** What is asked for: a request as callers send it. */

import type { PreviewMethod, Reroll } from "../compute/pipeline/request.ts";
import type { RegionMode } from "../compute/pipeline/denoise.ts";
import type { ImageFormat } from "../image/format.ts";
import type { LayoutSpec } from "../layout/layout.ts";
import type { LoraSpec, RegionalLora } from "../layout/lora_use.ts";
import type { Maybe } from "../problems.ts";
import type { SecondPassSpec } from "./resolve_second_pass.ts";
import type { WindowsSpec } from "./resolve_windows.ts";

/** A request as callers send it; what is absent or null takes its default. */
export interface RequestSpec {
  /** Default: the first usable model by name. */
  readonly model?: Maybe<string>;
  readonly layout: LayoutSpec;
  /** Default: by the layout's aspect, else the model's native size; see `pictureSize`. */
  readonly width?: Maybe<number>;
  readonly height?: Maybe<number>;
  /** Default: the model's. */
  readonly steps?: Maybe<number>;
  /** Default: the sampler of the model's own scheduler file, else `euler`. */
  readonly sampler?: Maybe<string>;
  /** Default: what the sampler's name implies, else the model's own. */
  readonly schedule?: Maybe<string>;
  /** Default: the model's. */
  readonly guidanceScale?: Maybe<number>;
  /** The part of the steps that is guided, in fractions. Default: all, 0 to 1. */
  readonly guidanceStart?: Maybe<number>;
  readonly guidanceEnd?: Maybe<number>;
  /** Default `linear`. */
  readonly previews?: Maybe<PreviewMethod>;
  /** Default: drawn by `randomSeed`. */
  readonly seed?: Maybe<number>;
  /** Default `attention`. */
  readonly mode?: Maybe<RegionMode>;
  /** Greater than 0, at most 1; default 1. */
  readonly modeUntil?: Maybe<number>;
  /** LoRAs of the whole picture. Default: none. */
  readonly loras?: Maybe<readonly LoraSpec[]>;
  /** Default `CONTEXT_ONLY`. */
  readonly regionalLora?: Maybe<RegionalLora>;
  /** A picture to start from: the id or URL of an uploaded image. Default: noise. */
  readonly initImage?: Maybe<string>;
  /** How much of it is noise at the start, 0 < strength <= 1. Default: 0.8, with a mask 1. */
  readonly strength?: Maybe<number>;
  /** What of it is painted anew, by an uploaded image, or by the name of a region. Default: all. */
  readonly maskImage?: Maybe<string>;
  readonly maskRegion?: Maybe<string>;
  /** Default false. */
  readonly maskInverted?: Maybe<boolean>;
  /** In fractions of the short edge, 0 to 0.5. Default 0. */
  readonly maskFeather?: Maybe<number>;
  /** A seed that the noise is turned towards, by the strength. Default: none. */
  readonly variationSeed?: Maybe<number>;
  readonly variationStrength?: Maybe<number>;
  /** Which layer of the text encoders is read, counted back from the last one that is meant. Default 1: that one. */
  readonly clipSkip?: Maybe<number>;
  /** Regions that are painted anew in the picture of the rest of this. Default: none. */
  readonly rerolls?: Maybe<readonly Reroll[]>;
  /** What a large picture is predicted by. Default: as a whole. */
  readonly windows?: Maybe<WindowsSpec>;
  /** Default: none. */
  readonly secondPass?: Maybe<SecondPassSpec>;
  /** Default PNG. */
  readonly format?: Maybe<ImageFormat>;
}

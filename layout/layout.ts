/** What a layout is: the form callers send (`LayoutSpec`) and the form everything else reads (`Layout`). */

import type { Maybe } from "../problems.ts";
import type { Grid, GridSpec } from "./grid.ts";
import type { LoraSpec, LoraUse } from "./lora_use.ts";
import type { Geometry, GeometrySpec } from "./shapes/list.ts";

export type { Point, Rectangle } from "./fractions.ts";
export type { Grid, GridDirection, GridSpec, NestedGrid } from "./grid.ts";
export type { Geometry, GeometrySpec, Shape } from "./shapes/list.ts";

/** How regions share a pixel that several of them cover: in proportion to their weights, or the front one first. */
export type Overlap = "NORMALIZE" | "Z_ORDER";

/** Who paints what no region covers: the base prompt, the nearest region, or none (the layout is rejected). */
export type Holes = "BASE" | "NEAREST" | "ERROR";

/** Where the common prompt stands: `common, prompt` or `prompt, common`. */
export type CommonPlacement = "PREFIX" | "SUFFIX";

/**
 * How prompts are read: with weights, schedules and `BREAK` (`layout/prompt/`), or as they stand, every character text.
 */
export type PromptSyntax = "WEIGHTED" | "PLAIN";

/**
 * How the weights of prompts are read, each as its tool computes them (`compute/model/emphasis.ts`): a token's state is
 * multiplied (NO_NORM), multiplied and then scaled to the old mean (A1111), taken away from the empty prompt's (COMFY), or
 * that and blended with the prompt without the words that weigh less than 1 (COMPEL).
 */
export type PromptEmphasis = "NO_NORM" | "A1111" | "COMFY" | "COMPEL";

export const OVERLAPS: readonly Overlap[] = ["NORMALIZE", "Z_ORDER"];
export const HOLES: readonly Holes[] = ["BASE", "NEAREST", "ERROR"];
export const COMMON_PLACEMENTS: readonly CommonPlacement[] = ["PREFIX", "SUFFIX"];
export const PROMPT_SYNTAXES: readonly PromptSyntax[] = ["WEIGHTED", "PLAIN"];
export const PROMPT_EMPHASES: readonly PromptEmphasis[] = ["NO_NORM", "A1111", "COMFY", "COMPEL"];

/** One prompt and the area it paints. */
export interface Region {
  /** Unique within the layout. */
  readonly name: string;
  readonly geometry: Geometry;
  readonly prompt: string;
  /** Put behind the prompt: `prompt, style`. Empty for none. */
  readonly style: string;
  /** Null: the layout's negative prompt. */
  readonly negativePrompt: string | null;
  /** Share in overlaps under NORMALIZE, relative to the other regions' weights; > 0. */
  readonly weight: number;
  /** Share of this region's weight that is left to the base prompt, [0, 1]. */
  readonly baseRatio: number;
  /** Standard deviation of the Gaussian that softens the border, in fractions of the canvas's short edge, [0, 0.5]. */
  readonly feather: number;
  /** Order under Z_ORDER: higher is in front; of equals the later region. */
  readonly z: number;
  /** The window of steps in which the region paints, in fractions of all steps: 0 <= start < end <= 1. */
  readonly start: number;
  readonly end: number;
  /** Null: the generation's guidance scale. */
  readonly guidanceScale: number | null;
  /** The seed of its part of the noise, 0 to 2^32 - 1. Null: the generation's. */
  readonly seed: number | null;
  /** A region that is not enabled is kept, but paints nothing and covers nothing. */
  readonly enabled: boolean;
  /** LoRAs for its prompt alone, at least one; absent for none. */
  readonly loras?: readonly LoraUse[];
}

/** A layout with every default filled in and every rule checked; made by `resolveLayout`. */
export interface Layout {
  /** Width / height of the canvas it was made for; null: any. */
  readonly aspect: number | null;
  readonly promptSyntax: PromptSyntax;
  readonly emphasis: PromptEmphasis;
  /** Joined to the base prompt and to every region's prompt. */
  readonly commonPrompt: string;
  /** Joined to every negative prompt, before or behind it as the common prompt is. */
  readonly commonNegativePrompt: string;
  readonly commonPlacement: CommonPlacement;
  readonly basePrompt: string;
  /** The base's, and that of every region without its own. */
  readonly negativePrompt: string;
  readonly overlap: Overlap;
  readonly holes: Holes;
  readonly grid: Grid | null;
  /** Empty for a plain picture of the base prompt. */
  readonly regions: readonly Region[];
}

/** No regions and no prompts: every default. */
export const PLAIN_LAYOUT: Layout = {
  aspect: null,
  promptSyntax: "WEIGHTED",
  emphasis: "NO_NORM",
  commonPrompt: "",
  commonNegativePrompt: "",
  commonPlacement: "PREFIX",
  basePrompt: "",
  negativePrompt: "",
  overlap: "NORMALIZE",
  holes: "BASE",
  grid: null,
  regions: [],
};

/** The defaults of a region's fields, but for those that every region has of its own: name, geometry and prompt. */
export const PLAIN_REGION: Omit<Region, "name" | "geometry" | "prompt" | "loras"> = {
  style: "",
  negativePrompt: null,
  weight: 1,
  baseRatio: 0,
  feather: 0,
  z: 0,
  start: 0,
  end: 1,
  guidanceScale: null,
  seed: null,
  enabled: true,
};

/** A region as callers send it. Without geometry it takes the next free cell of the layout's grid. */
export interface RegionSpec {
  /** Default: `region 1`, `region 2`, ... by position. */
  readonly name?: Maybe<string>;
  readonly geometry?: Maybe<GeometrySpec>;
  readonly prompt: string;
  readonly style?: Maybe<string>;
  readonly negativePrompt?: Maybe<string>;
  /** Default 1. */
  readonly weight?: Maybe<number>;
  /** Default 0. */
  readonly baseRatio?: Maybe<number>;
  /** Default 0. */
  readonly feather?: Maybe<number>;
  /** Default 0. */
  readonly z?: Maybe<number>;
  /** Default 0. */
  readonly start?: Maybe<number>;
  /** Default 1. */
  readonly end?: Maybe<number>;
  readonly guidanceScale?: Maybe<number>;
  readonly seed?: Maybe<number>;
  /** Default true. */
  readonly enabled?: Maybe<boolean>;
  /** Default: none. */
  readonly loras?: Maybe<readonly LoraSpec[]>;
}

/** A layout as callers send it. Prompts default to the empty string. */
export interface LayoutSpec {
  readonly aspect?: Maybe<number>;
  /** Default WEIGHTED. */
  readonly promptSyntax?: Maybe<PromptSyntax>;
  /** Default NO_NORM. */
  readonly emphasis?: Maybe<PromptEmphasis>;
  readonly commonPrompt?: Maybe<string>;
  readonly commonNegativePrompt?: Maybe<string>;
  /** Default PREFIX. */
  readonly commonPlacement?: Maybe<CommonPlacement>;
  readonly basePrompt?: Maybe<string>;
  readonly negativePrompt?: Maybe<string>;
  /** Default NORMALIZE. */
  readonly overlap?: Maybe<Overlap>;
  /** Default BASE. */
  readonly holes?: Maybe<Holes>;
  readonly grid?: Maybe<GridSpec>;
  readonly regions?: Maybe<readonly RegionSpec[]>;
}

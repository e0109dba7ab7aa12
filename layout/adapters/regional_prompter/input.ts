/** Regional Prompter's prompts and settings, as callers send them. */

import type { Maybe } from "../../../problems.ts";

/**
 * How the canvas is divided. COLUMNS ("Horizontal" there): rows of cells from left to right. ROWS ("Vertical"): columns
 * of cells from top to bottom. RANDOM: a grid whose cells draw their region. MASK: the colours of a painted image. PROMPT and
 * PROMPT_EX: where words are found; in the second, later regions hide earlier ones.
 */
export type DivideMode = "COLUMNS" | "ROWS" | "RANDOM" | "MASK" | "PROMPT" | "PROMPT_EX";

/** What was seen in a mask's image. */
export interface SeenMask {
  /** Indexes of the mask colours that it has, in their order. */
  readonly indexes: readonly number[];
  /** Its colours as `#rrggbb`, the most frequent first; null if they are too many. */
  readonly colours: readonly string[] | null;
}

/** Regional Prompter's prompts and settings. */
export interface RegionalPrompterInput {
  readonly prompt: string;
  /** Default: empty. */
  readonly negativePrompt?: Maybe<string>;
  /** Default COLUMNS. */
  readonly mode?: Maybe<DivideMode>;
  /** Default: equal cells. RANDOM needs two whole numbers, rows and columns. */
  readonly ratios?: Maybe<string>;
  /** Swaps `,` and `;` in the ratios. Default false. */
  readonly flip?: Maybe<boolean>;
  /** The first prompt, or the one behind the common prompt, is the base. ADDBASE implies it. Default false. */
  readonly useBase?: Maybe<boolean>;
  /** Each region's share of the base, [0, 1]. Default 0.2. */
  readonly baseRatios?: Maybe<string>;
  /** The first prompt is put before all others. ADDCOMM implies it. Default false. */
  readonly useCommon?: Maybe<boolean>;
  /** The same for the negative prompt. */
  readonly useCommonNegative?: Maybe<boolean>;
  /** Of PROMPT and PROMPT_EX: one for all regions or one for each, 0.01 to 0.99. Default 0.4. */
  readonly threshold?: Maybe<string>;
  /** Of RANDOM, 0 to 2^32 - 1; required there. */
  readonly seed?: Maybe<number>;
  /** Of MASK: the image, as in `GeometrySpec`; required there. */
  readonly maskAsset?: Maybe<string>;
  /** Of MASK: which colours the image has, by index; one per region. Default: those in it, else the first ones. */
  readonly maskColours?: Maybe<readonly number[]>;
  /** Of MASK: what the image shows; null where there is no such image, absent where nobody looked. */
  readonly maskImage?: SeenMask | null;
}

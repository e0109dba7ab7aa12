/** What each call of the denoiser predicts: the request alone decides on it, whoever makes the predictions. */

import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import type { PromptContext } from "../model/text_conditioner.ts";
import type { Window } from "../windows.ts";
import { type CallRange, isGuided } from "./guidance.ts";
import { type Denoiser, type Part, Predictor, type PredictorOptions, type RegionMode } from "./predictor.ts";

/**
 * Contexts [T_r, D], the base prompt's first; a single one is a plain picture. Where prompts change on the way, those of
 * call `i` of the sampler: the same object as long as they do not change. Their number and lengths may change too.
 */
export type PromptContexts = readonly PromptContext[] | ((i: number) => readonly PromptContext[]);

/** What calls are predicted from. */
export interface CallSource {
  readonly unet: Denoiser;
  /** Where regions are kept apart; where that changes on the way, as it is in call `i` of the sampler. */
  readonly mode: RegionMode | ((i: number) => RegionMode);
  /** Windows of one size that the picture is predicted by; default: as a whole. */
  readonly windows?: readonly Window[];
  readonly cond: PromptContexts;
  /** The same for the negative prompts: one for all, or one per weight map. Null: no guidance. */
  readonly uncond: PromptContexts | null;
  /** The weight maps of call `i` of the sampler; the same object as long as they do not change. Null: plain. */
  readonly mapsAt: (i: number) => WeightMaps | null;
  /**
   * One guidance scale per weight map; where all are 1 the unconditional prediction has no say and is not made. Nor is
   * it for a UNet that takes the scale as an input: that is given, in attention mode, the one scale that all maps
   * share, in latent mode each map's own.
   */
  readonly guidanceScales: readonly number[];
  /**
   * The calls that are guided; the others take the conditional prediction alone, which halves their cost
   * (arXiv:2404.07724). Default: all of them.
   */
  readonly guidedCalls?: CallRange;
  /** Shared with other loops of the same contexts and maps, whose keys and values are then computed once. Default: own ones. */
  readonly predictors?: Predictors;
}

/** What predicts in each mode, with and without the prompts. */
export type Predictors = Readonly<
  Record<RegionMode, { readonly conditional: Predictor; readonly unconditional: Predictor }>
>;

/** @param options `height` and `width` in latent cells. */
export function createPredictors(options: Omit<PredictorOptions, "mode">): Predictors {
  const polarities = (mode: RegionMode) => ({
    conditional: new Predictor({ ...options, mode }),
    unconditional: new Predictor({ ...options, mode }),
  });
  return { attention: polarities("attention"), latent: polarities("latent") };
}

/** The predictions of one polarity in one call. */
export interface Polarity {
  readonly predictor: Predictor;
  readonly parts: readonly Part[];
}

/** One call of the denoiser. */
export interface Call {
  readonly maps: WeightMaps | null;
  /** The base prompt's context. */
  readonly base: PromptContext | undefined;
  readonly conditional: Polarity;
  /** Null where the call is not guided. */
  readonly unconditional: Polarity | null;
  /** Both polarities' parts, each with what makes it, in the order in which one worker alone makes them. */
  readonly parts: readonly { readonly predictor: Predictor; readonly part: Part }[];
}

/** The calls of a pass over the picture. */
export class Calls {
  readonly #predictors: Predictors;
  readonly #guided: boolean;

  /** @param size Of the picture, in latent cells. */
  constructor(private readonly source: CallSource, size: { readonly height: number; readonly width: number }) {
    const { unet, guidanceScales, windows } = source;
    this.#predictors = source.predictors ??
      createPredictors({ unet, ...size, guidanceScales, ...windows && { windows } });
    this.#guided = isGuided(guidanceScales, unet.added.guidanceWidth !== null);
  }

  /**
   * Call `i` of the sampler.
   * @throws {RangeError} on several contexts without weight maps.
   */
  at(i: number): Call {
    const { mode, cond, uncond, guidedCalls = { first: 0, end: Infinity } } = this.source;
    const maps = this.source.mapsAt(i);
    const predictors = this.#predictors[typeof mode === "function" ? mode(i) : mode];
    const polarity = (predictor: Predictor, contexts: readonly PromptContext[]): Polarity => {
      return { predictor, parts: predictor.parts(contexts, maps) };
    };
    const contexts = contextsAt(cond, i);
    const conditional = polarity(predictors.conditional, contexts);
    const guided = this.#guided && guidedCalls.first <= i && i < guidedCalls.end;
    const unconditional = guided && uncond !== null ? polarity(predictors.unconditional, contextsAt(uncond, i)) : null;
    const parts = [conditional, ...unconditional === null ? [] : [unconditional]]
      .flatMap(({ predictor, parts }) => parts.map((part) => ({ predictor, part })));
    return { maps, base: contexts[0], conditional, unconditional, parts };
  }
}

function contextsAt(contexts: PromptContexts, i: number): readonly PromptContext[] {
  return typeof contexts === "function" ? contexts(i) : contexts;
}

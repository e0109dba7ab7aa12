/** The denoising loop: one or two predictions a step, guidance, one sampler step. */

import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { PromptContext } from "../model/text_conditioner.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "../sampler/sampler.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { type CallRange, guidanceScale, guide, isGuided } from "./guidance.ts";
import { blendHeld, type Hold } from "./hold.ts";
import { type Denoiser, type FirstPrediction, Predictor, type PredictorOptions, type RegionMode } from "./predictor.ts";
import type { Window } from "../windows.ts";

export type { Denoiser, RegionMode } from "./predictor.ts";

/**
 * Contexts [T_r, D], the base prompt's first; a single one is a plain picture. Where prompts change on the way, those of
 * call `i` of the sampler: the same object as long as they do not change. Their number and lengths may change too.
 */
export type PromptContexts = readonly PromptContext[] | ((i: number) => readonly PromptContext[]);

/** A generation's inputs, encoded and compiled. */
export interface Denoising {
  readonly unet: Denoiser;
  readonly sampler: Sampler;
  /** [1, C, h, w]: unit noise times the sampler's first sigma, or a noised picture. */
  readonly start: Tensor;
  /** Where regions are kept apart; where that changes on the way, as it is in call `i` of the sampler. */
  readonly mode: RegionMode | ((i: number) => RegionMode);
  /** Windows of one size that the picture is predicted by; default: as a whole. */
  readonly windows?: readonly Window[];
  /** The first call to make: 0, or later where a picture is the start. */
  readonly begin: number;
  /** What the sample is blended with after every call, one after the other, where parts of a picture stay as they are. */
  readonly holds?: readonly Hold[];
  /** [1, K, h, w]: what an inpainting model sees behind the sample's channels, not scaled. Default: nothing. */
  readonly beside?: Tensor | null;
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
  /** Makes each window's first conditional pass of call `i` in the UNet's place, given the base prompt's context, if it wants to. */
  readonly firstPass?: (i: number, base: PromptContext) => FirstPrediction | undefined;
  /** Shared with other loops of the same contexts and maps, whose keys and values are then computed once. Default: own ones. */
  readonly predictors?: Predictors;
  /** New unit noise for call `i`, at each call of this function. Required by stochastic samplers only. */
  readonly noise?: (i: number) => Float32Array;
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

/** The state after one call of the denoiser. */
export interface DenoisingStep {
  /** The call that was made, counted in the full schedule from 0. */
  readonly index: number;
  /** [C, h, w], the sample to go on with. */
  readonly sample: Float32Array;
  /** [C, h, w], the predicted finished sample. */
  readonly predOriginal: Float32Array;
  /** Predictions that this call took. */
  readonly passes: number;
  /** What regional attention cost in one of this call's conditional predictions, level by level. */
  readonly cost: readonly AttentionCost[];
  /** Where this path goes on from, behind those that it is held to. */
  readonly paths: readonly PathPoint[];
}

/** What a path goes on from after a call. Nothing writes to its arrays. */
export interface PathPoint {
  /** [C, h, w] */
  readonly sample: Float32Array;
  /** The sampler's. */
  readonly memory: SamplerMemory;
}

/**
 * Denoises step by step; stop iterating to cancel.
 * @throws {RangeError} on several contexts without weight maps, and, for a UNet that takes the guidance scale as an
 *   input, on unequal scales in attention mode.
 */
export async function* denoise(input: Denoising): AsyncGenerator<DenoisingStep, void, undefined> {
  const { sampler, start, mode, unet, guidanceScales, cond, uncond, noise, beside = null } = input;
  const embedded = unet.added.guidanceWidth !== null;
  const equal = guidanceScales.every((s) => s === guidanceScales[0]);
  const modeAt = typeof mode === "function" ? mode : () => mode;
  const attends = sampler.timesteps.some((_, i) => i >= input.begin && modeAt(i) === "attention");
  if (embedded && attends && !equal) {
    throw new RangeError(`Cannot give one pass the guidance scales ${guidanceScales.join(", ")}: they must be equal`);
  }
  const guided = isGuided(guidanceScales, embedded);
  const [, , height, width] = shapeOf(start, 4);
  const { windows } = input;
  const predictors = input.predictors ??
    createPredictors({ unet, height, width, guidanceScales, ...windows && { windows } });
  const guidedCalls = input.guidedCalls ?? { first: 0, end: Infinity };

  let sample = start.data;
  for (const [i, timestep] of sampler.timesteps.entries()) {
    if (i < input.begin) continue;
    const maps = input.mapsAt(i);
    const { conditional, unconditional } = predictors[modeAt(i)];
    const scaled = joinChannels({ dims: start.dims, data: sampler.scaleInput(sample, i) }, beside);
    const contexts = contextsAt(cond, i);
    const [base] = contexts;
    const first = base && input.firstPass?.(i, base);
    const prediction = await conditional.predict(scaled, timestep, contexts, maps, first);
    let { passes } = conditional;
    if (guided && uncond !== null && guidedCalls.first <= i && i < guidedCalls.end) {
      const negative = await unconditional.predict(scaled, timestep, contextsAt(uncond, i), maps);
      guide(prediction, negative, guidanceScale(guidanceScales, maps));
      passes += unconditional.passes;
    }
    const step = await held(sampler.step(prediction, i, sample, noise && (() => noise(i))), i, input.holds ?? []);
    sample = step.sample;
    yield { index: i, ...step, passes, cost: conditional.cost, paths: [{ sample, memory: sampler.memory }] };
  }
}

/** What call `i` led to, blended with what is held. */
async function held(step: SamplerStep, i: number, holds: readonly Hold[]): Promise<SamplerStep> {
  let { sample, predOriginal } = step;
  for (const { mask, after } of holds) {
    const there = await after(i);
    sample = blendHeld(sample, there.sample, mask);
    predOriginal = blendHeld(predOriginal, there.predOriginal, mask);
  }
  return { sample, predOriginal };
}

/** Two tensors [1, C, h, w] and [1, K, h, w] as one [1, C + K, h, w]. */
function joinChannels(sample: Tensor, beside: Tensor | null): Tensor {
  if (beside === null) return sample;
  const [batch = 1, channels = 0, ...size] = sample.dims;
  const data = new Float32Array(sample.data.length + beside.data.length);
  data.set(sample.data);
  data.set(beside.data, sample.data.length);
  return { dims: [batch, channels + (beside.dims[1] ?? 0), ...size], data };
}

function contextsAt(contexts: PromptContexts, i: number): readonly PromptContext[] {
  return typeof contexts === "function" ? contexts(i) : contexts;
}

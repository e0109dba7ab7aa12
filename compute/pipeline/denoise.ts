/** The denoising loop: one or two predictions a step, guidance, one sampler step. */

import { nth } from "../../elements.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { PromptContext } from "../model/text_conditioner.ts";
import type { Sampler, SamplerMemory, SamplerStep } from "../sampler/sampler.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { type Call, Calls, type CallSource } from "./calls.ts";
import { guidanceScale, guide } from "./guidance.ts";
import { blendHeld, type Hold } from "./hold.ts";
import type { PartExchange } from "./part_exchange.ts";
import type { FirstPrediction } from "./predictor.ts";
import type { Window } from "../windows.ts";

export type { Denoiser, RegionMode } from "./predictor.ts";

/** A generation's inputs, encoded and compiled. */
export interface Denoising extends CallSource {
  readonly sampler: Sampler;
  /** [1, C, h, w]: unit noise times the sampler's first sigma, or a noised picture. */
  readonly start: Tensor;
  /** The first call to make: 0, or later where a picture is the start. */
  readonly begin: number;
  /** What the sample is blended with after every call, one after the other, where parts of a picture stay as they are. */
  readonly holds?: readonly Hold[];
  /** [1, K, h, w]: what an inpainting model sees behind the sample's channels, not scaled. Default: nothing. */
  readonly beside?: Tensor | null;
  /** Makes each window's first conditional pass of call `i` in the UNet's place, given the base prompt's context, if it wants to. */
  readonly firstPass?: (i: number, base: PromptContext) => FirstPrediction | undefined;
  /** Has others make parts of the calls that are wholly the UNet's. Default: all are made here. */
  readonly exchange?: PartExchange;
  /** New unit noise for call `i`, at each call of this function. Required by stochastic samplers only. */
  readonly noise?: (i: number) => Float32Array;
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
  const { sampler, start, mode, unet, guidanceScales, noise, beside = null } = input;
  const equal = guidanceScales.every((s) => s === guidanceScales[0]);
  const modeAt = typeof mode === "function" ? mode : () => mode;
  const attends = sampler.timesteps.some((_, i) => i >= input.begin && modeAt(i) === "attention");
  if (unet.added.guidanceWidth !== null && attends && !equal) {
    throw new RangeError(`Cannot give one pass the guidance scales ${guidanceScales.join(", ")}: they must be equal`);
  }
  const [, , height, width] = shapeOf(start, 4);
  const calls = new Calls(input, { height, width });

  let sample = start.data;
  for (const [i, timestep] of sampler.timesteps.entries()) {
    if (i < input.begin) continue;
    const call = calls.at(i);
    const scaled = joinChannels({ dims: start.dims, data: sampler.scaleInput(sample, i) }, beside);
    const predictions = await predict(call, i, scaled, timestep, input);
    const { conditional, unconditional } = call;
    const count = conditional.parts.length;
    const prediction = conditional.predictor.fuse(conditional.parts, predictions.slice(0, count));
    if (unconditional !== null) {
      const negative = unconditional.predictor.fuse(unconditional.parts, predictions.slice(count));
      guide(prediction, negative, guidanceScale(guidanceScales, call.maps));
    }
    const step = await held(sampler.step(prediction, i, sample, noise && (() => noise(i))), i, input.holds ?? []);
    sample = step.sample;
    const cost = conditional.predictor.cost(conditional.parts);
    yield { index: i, ...step, passes: predictions.length, cost, paths: [{ sample, memory: sampler.memory }] };
  }
}

/** The predictions of all parts of call `i`. */
async function predict(
  { parts, base, conditional }: Call,
  i: number,
  sample: Tensor,
  timestep: number,
  { start, firstPass, exchange }: Denoising,
): Promise<readonly Float32Array[]> {
  const first = base && firstPass?.(i, base);
  const begun = new Set<Window>();
  const make = async (p: number) => {
    const { predictor, part } = nth(parts, p);
    const begins = p < conditional.parts.length && !begun.has(part.window);
    begun.add(part.window);
    return await predictor.predict(sample, timestep, part, begins ? first : undefined);
  };
  if (exchange !== undefined && first === undefined) {
    const [, channels] = shapeOf(start, 4);
    const sizes = parts.map(({ part: { window } }) => channels * window.width * window.height);
    return await exchange.predict({ call: i, sample, sizes, predict: make });
  }
  const all: Float32Array[] = [];
  for (const p of parts.keys()) all.push(await make(p));
  return all;
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

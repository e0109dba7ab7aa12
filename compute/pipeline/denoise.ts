/** The denoising loop: one or two predictions a step, guidance, one sampler step. */

import type { WeightMaps } from "../../layout/weight_maps.ts";
import type { PromptContext } from "../model/text_conditioner.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { RegionalConditioning, Unet } from "../model/unet.ts";
import type { NoiseSource, Sampler } from "../sampler/sampler.ts";
import type { Tensor } from "../tensor.ts";
import { plainConditioning, regionalConditioning, usesMap } from "./conditioning.ts";
import { guidanceScale, guide } from "./guidance.ts";

/**
 * Where regions are kept apart: inside every cross-attention layer, with one pass for all regions, or between whole
 * predictions, with one pass for each. Pooled text embeddings (SDXL) have no place in the picture: in attention mode
 * the base prompt's conditions the one pass, in latent mode each pass has its own prompt's.
 */
export type RegionMode = "attention" | "latent";

/** What the loop needs of a UNet. */
export type Denoiser = Pick<Unet, "predict" | "levels" | "added" | "cost">;

/** Calls [first, end) of the sampler. */
export interface CallRange {
  readonly first: number;
  readonly end: number;
}

/** A generation's inputs, encoded and compiled. */
export interface Denoising {
  readonly unet: Denoiser;
  readonly sampler: Sampler;
  /** [1, C, h, w]: unit noise times the sampler's first sigma, or a noised picture. */
  readonly start: Tensor;
  readonly mode: RegionMode;
  /** The first call to make: 0, or later where a picture is the start. */
  readonly begin: number;
  /** Contexts [T_r, D], the base prompt's first; a single one is a plain picture. */
  readonly cond: readonly PromptContext[];
  /** The same for the negative prompts: one for all, or one per weight map. Null: no guidance. */
  readonly uncond: readonly PromptContext[] | null;
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
   * (arXiv:2404.07724). All of them unless told.
   */
  readonly guidedCalls?: CallRange;
  readonly noise?: NoiseSource;
}

/** The state after one call of the denoiser. */
export interface DenoisingStep {
  /** The call that was made, counted in the full schedule from 0. */
  readonly index: number;
  /** [C, h, w], the sample to go on with. */
  readonly sample: Float32Array;
  /** [C, h, w], the predicted finished sample. */
  readonly predOriginal: Float32Array;
  /** What regional attention cost in one of this call's conditional predictions, level by level. */
  readonly cost: readonly AttentionCost[];
}

/**
 * Denoises step by step; stop iterating to cancel.
 * @throws {RangeError} on several contexts without weight maps, and, for a UNet that takes the guidance scale as an
 *   input, on unequal scales in attention mode.
 */
export async function* denoise(input: Denoising): AsyncGenerator<DenoisingStep, void, undefined> {
  const { sampler, start, guidanceScales } = input;
  const embedded = input.unet.added.guidanceWidth !== null;
  const equal = guidanceScales.every((s) => s === guidanceScales[0]);
  if (embedded && input.mode === "attention" && !equal) {
    throw new RangeError(`Cannot give one pass the guidance scales ${guidanceScales.join(", ")}: they must be equal`);
  }
  const guided = !embedded && input.uncond !== null && guidanceScales.some((s) => s !== 1);
  const cond = new Predictor(input, input.cond);
  const uncond = guided && input.uncond !== null ? new Predictor(input, input.uncond) : null;
  const { first, end } = input.guidedCalls ?? { first: 0, end: Infinity };

  let sample = start.data;
  for (const [i, timestep] of sampler.timesteps.entries()) {
    if (i < input.begin) continue;
    const maps = input.mapsAt(i);
    const scaled = { dims: start.dims, data: sampler.scaleInput(sample, i) };
    const prediction = await cond.predict(scaled, timestep, maps);
    if (uncond !== null && first <= i && i < end) {
      guide(prediction, await uncond.predict(scaled, timestep, maps), guidanceScale(guidanceScales, maps));
    }
    const step = sampler.step(prediction, i, sample, input.noise);
    sample = step.sample;
    yield { index: i, sample, predOriginal: step.predOriginal, cost: cond.cost };
  }
}

/** Predictions of one polarity; packs its conditioning again only when the weight maps change. */
class Predictor {
  #maps: WeightMaps | null | undefined;
  #packed: readonly { readonly conditioning: RegionalConditioning; readonly map: number }[] = [];

  constructor(private readonly input: Denoising, private readonly contexts: readonly PromptContext[]) {}

  /** The cost of the first of the predictions that one call takes. */
  get cost(): readonly AttentionCost[] {
    const [first] = this.#packed;
    return first === undefined ? [] : this.input.unet.cost(first.conditioning);
  }

  async predict(sample: Tensor, timestep: number, maps: WeightMaps | null): Promise<Float32Array> {
    if (maps !== this.#maps) this.#pack(maps);
    const single = this.#packed.length === 1;
    let sum: Float32Array | undefined;
    for (const { conditioning, map } of this.#packed) {
      const { data } = await this.input.unet.predict(sample, timestep, conditioning);
      if (single || maps === null) return data;
      sum ??= new Float32Array(data.length);
      addWeighted(sum, data, maps, map);
    }
    if (sum === undefined) throw new RangeError("Cannot predict without a context");
    return sum;
  }

  #pack(maps: WeightMaps | null): void {
    this.#maps = maps;
    const { unet, start, mode, guidanceScales } = this.input;
    const [height = 0, width = 0] = start.dims.slice(2);
    const guidanceOf = (map: number) => ({ guidance: guidanceScales[map] ?? guidanceScales[0] ?? 1 });
    const plain = (context: PromptContext, map: number) => ({
      conditioning: plainConditioning(context, height, width, unet, guidanceOf(map)),
      map,
    });
    const [only] = this.contexts;
    if (this.contexts.length === 1 && only !== undefined) {
      this.#packed = [plain(only, 0)];
    } else if (maps === null) {
      throw new RangeError(`Cannot place ${this.contexts.length} contexts without weight maps`);
    } else if (mode === "attention") {
      this.#packed = [{ conditioning: regionalConditioning(this.contexts, maps, unet, guidanceOf(0)), map: 0 }];
    } else {
      this.#packed = this.contexts.map(plain).filter(({ map }) => usesMap(maps, map));
    }
  }
}

/** sum += W_map * prediction, the weight of a cell holding for all channels. */
function addWeighted(sum: Float32Array, prediction: Float32Array, maps: WeightMaps, map: number): void {
  const cells = maps.height * maps.width;
  const offset = map * cells;
  for (let i = 0; i < prediction.length; i++) {
    sum[i] = (sum[i] ?? 0) + (maps.data[offset + i % cells] ?? 0) * (prediction[i] ?? 0);
  }
}

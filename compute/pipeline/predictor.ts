/** The predictions of one polarity: contexts packed for the UNet, one pass or one for each region, by windows. */

import { nth } from "../../elements.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { PromptContext } from "../model/text_conditioner.ts";
import type { RegionalConditioning } from "../model/regional_feeds.ts";
import type { Unet } from "../model/unet.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { conditioningOf, placeContexts, plainConditioning, usesMap } from "./conditioning.ts";
import { sharesOfMap, sharesOfMaps } from "./region_shares.ts";
import { addWindow, crop, cropMaps, wholePicture, type Window } from "../windows.ts";

/**
 * Where regions are kept apart: inside every cross-attention layer, with one pass for all regions, or between whole
 * predictions, with one pass for each. Pooled text embeddings (SDXL) have no place in the picture: in attention mode
 * the base prompt's conditions the one pass, in latent mode each pass has its own prompt's.
 */
export type RegionMode = "attention" | "latent";

/** The mode of a request's calls of the sampler: its own up to `modeUntil` of them, then latent mode. */
export function modeByCall(
  { mode, modeUntil = 1 }: { readonly mode: RegionMode; readonly modeUntil?: number },
  calls: number,
): (call: number) => RegionMode {
  const first = Math.round(modeUntil * calls);
  return (call) => call < first ? mode : "latent";
}

/** What the loop needs of a UNet. */
export type Denoiser = Pick<Unet, "predict" | "levels" | "added" | "cost">;

/** Makes a window's first prediction in the UNet's place, and may look at more of it. */
export type FirstPrediction = (
  sample: Tensor,
  timestep: number,
  conditioning: RegionalConditioning,
  window: Window,
) => Promise<Tensor>;

/** What a polarity's predictions have in common. */
export interface PredictorOptions {
  readonly unet: Denoiser;
  readonly mode: RegionMode;
  /** Latent cells. */
  readonly height: number;
  readonly width: number;
  /** One per weight map, for UNets that take it as an input. */
  readonly guidanceScales: readonly number[];
  /** Windows of one size that the picture is predicted by; default: as a whole. */
  readonly windows?: readonly Window[];
}

/** One prediction of a call, and what its result is for. */
export interface Part {
  readonly conditioning: RegionalConditioning;
  readonly map: number;
  readonly window: Window;
  /** [height, width] of the window: what its cells are weighted by; null: nothing. */
  readonly weights: Float32Array | null;
}

/**
 * Prompts that come back, as in `[cat|dog]`, find their keys and values again as long as all that one polarity keeps has
 * at most this many tokens: sixteen chunks, 0.8 GB of keys and values in SDXL, 0.1 GB in SD 1.5.
 */
const KEPT_TOKENS = 16 * 77;

/** Packs contexts when they, or the weight maps, change; what was packed recently is kept, with its keys and values. */
export class Predictor {
  readonly #kept = new Map<readonly PromptContext[], readonly Part[]>();
  #maps: WeightMaps | null | undefined;

  readonly #windows: readonly Window[];

  constructor(private readonly options: PredictorOptions) {
    this.#windows = options.windows ?? [wholePicture(options)];
  }

  /** The cost of the first of a call's predictions, of all its windows. */
  cost(parts: readonly Part[]): readonly AttentionCost[] {
    const [first] = parts;
    const costs = parts.filter(({ map }) => map === first?.map)
      .map(({ conditioning }) => this.options.unet.cost(conditioning));
    return (costs[0] ?? []).map(({ level }, l) => ({
      level,
      computed: costs.reduce((sum, cost) => sum + nth(cost, l).computed, 0),
      dense: costs.reduce((sum, cost) => sum + nth(cost, l).dense, 0),
    }));
  }

  /**
   * Makes one part.
   * @param sample [1, C, h, w] of the whole picture.
   * @param first Makes it in the UNet's place. Default: the UNet.
   * @returns [1, C, h, w] of the part's window.
   */
  async predict(sample: Tensor, timestep: number, part: Part, first?: FirstPrediction): Promise<Float32Array> {
    const { conditioning, window } = part;
    const seen = window.shares.length === this.#cells ? sample : crop(sample, window);
    const { data } = first === undefined
      ? await this.options.unet.predict(seen, timestep, conditioning)
      : await first(seen, timestep, conditioning, window);
    return data;
  }

  /**
   * One prediction for the whole picture.
   * @param predictions Of all parts, in their order: a sum of numbers depends on it in their last bits.
   * @returns [1, C, h, w]
   */
  fuse(parts: readonly Part[], predictions: readonly Float32Array[]): Float32Array {
    if (parts.length === 1) return nth(predictions, 0);
    let sum: Float32Array | undefined;
    for (const [p, { window, weights }] of parts.entries()) {
      const data = nth(predictions, p);
      sum ??= new Float32Array(data.length / window.shares.length * this.#cells);
      addWindow(sum, data, window, this.options, weights);
    }
    if (sum === undefined) throw new RangeError("Cannot predict without a context");
    return sum;
  }

  /** Of the whole picture. */
  get #cells(): number {
    return this.options.width * this.options.height;
  }

  /**
   * The predictions that a call takes, in the order in which they are fused.
   * @param contexts One for all weight maps, or one for each; the same object as long as they do not change.
   * @param maps The same object as long as they do not change. Null: plain.
   * @throws {RangeError} on several contexts without weight maps.
   */
  parts(contexts: readonly PromptContext[], maps: WeightMaps | null): readonly Part[] {
    if (maps !== this.#maps) {
      // A single context is packed without maps, so that it outlasts them; but for what windows count for.
      for (const known of this.#kept.keys()) if (known.length > 1 || this.#windows.length > 1) this.#kept.delete(known);
      this.#maps = maps;
    }
    const passes = this.#kept.get(contexts) ?? this.#pack(contexts, maps);
    this.#kept.delete(contexts); // so that it becomes the most recent one
    this.#kept.set(contexts, passes);
    let tokens = [...this.#kept.keys()].reduce((sum, known) => sum + tokensOf(known), 0);
    for (const known of this.#kept.keys()) {
      if (tokens <= KEPT_TOKENS || known === contexts) break;
      this.#kept.delete(known);
      tokens -= tokensOf(known);
    }
    return passes;
  }

  #pack(contexts: readonly PromptContext[], maps: WeightMaps | null): readonly Part[] {
    const { unet, mode, guidanceScales } = this.options;
    const [only] = contexts;
    if (contexts.length === 1 && only !== undefined) return this.#everywhere(only, maps);
    if (maps === null) throw new RangeError(`Cannot place ${contexts.length} contexts without weight maps`);
    if (mode === "latent") return contexts.flatMap((context, map) => this.#within(context, map, maps));
    const placed = placeContexts(contexts, maps);
    return sharesOfMaps(this.#windows, placed.maps).map((window) => {
      const seen = { ...placed, maps: cropMaps(placed.maps, window) };
      const conditioning = conditioningOf(seen, unet, { guidance: nth(guidanceScales, 0) });
      return { conditioning, map: 0, window, weights: null };
    });
  }

  /** One context for all of the picture; its windows count for what they do for the maps. */
  #everywhere(context: PromptContext, maps: WeightMaps | null): readonly Part[] {
    const conditioning = this.#plain(context, 0);
    const windows = maps === null ? this.#windows : sharesOfMaps(this.#windows, maps);
    return windows.map((window) => ({ conditioning, map: 0, window, weights: null }));
  }

  /** One context for whatever window its map has weight in. */
  #within(context: PromptContext, map: number, maps: WeightMaps): readonly Part[] {
    const conditioning = this.#plain(context, map);
    const cells = maps.height * maps.width;
    const own = { ...maps, count: 1, data: maps.data.subarray(map * cells, (map + 1) * cells) };
    return sharesOfMap(this.#windows, own, 0).map((window) => ({ window, seen: cropMaps(own, window) }))
      .filter(({ seen }) => usesMap(seen, 0))
      .map(({ window, seen }) => ({ conditioning, map, window, weights: seen.data }));
  }

  #plain(context: PromptContext, map: number): RegionalConditioning {
    const { unet, guidanceScales } = this.options;
    const { height, width } = nth(this.#windows, 0);
    return plainConditioning(context, height, width, unet, { guidance: nth(guidanceScales, map) });
  }
}

function tokensOf(contexts: readonly PromptContext[]): number {
  return contexts.reduce((sum, context) => sum + shapeOf(context, 2)[0], 0);
}

/** The search for words while a picture is painted: the UNet's variant that tells where they are, and what comes of it. */

import { nth } from "../../elements.ts";
import type { Layout } from "../../layout/layout.ts";
import type { MaskImage, MaskImages } from "../../layout/masks/mask_image.ts";
import { parsedPrompts } from "../../layout/prompts.ts";
import { promptAt } from "../../layout/prompt/schedule.ts";
import { foundMaskKey } from "../../layout/shapes/words.ts";
import { type RegionWords, regionWords, searchedSteps } from "../../layout/words.ts";
import type { ModelConfig } from "../model/config.ts";
import type { PromptContext, TextConditioner } from "../model/text_conditioner.ts";
import type { Unet } from "../model/unet.ts";
import type { Tensor } from "../tensor.ts";
import type { Denoiser, FirstPrediction } from "./predictor.ts";
import { stepOfCall } from "./prompt_contexts.ts";
import type { PictureRequest } from "./request.ts";
import { shapeLevels, WordHeat } from "./word_masks.ts";

/** Where a region's words were found. */
export interface FoundMask {
  /** The region's name. */
  readonly region: string;
  readonly words: string;
  /** One pixel per latent cell: white where the words were found, black elsewhere. */
  readonly image: MaskImage;
}

/** What a search is for. */
export interface WordSearchOptions {
  readonly request: Pick<PictureRequest, "layout" | "steps" | "width" | "height">;
  /** How often the sampler calls the denoiser in all the steps. */
  readonly calls: number;
  /** The first call that will be made. */
  readonly begin: number;
}

/** What a search works with. */
export interface WordSearchModel {
  readonly config: Pick<ModelConfig, "nativeSize" | "vaeFactor">;
  readonly text: Pick<TextConditioner, "findWords">;
  /** The generation's UNet, in the variant that tells where words are, or the plain one. */
  readonly openUnet: (options?: { readonly words: boolean }) => Promise<Unet>;
}

/** One generation's search. Its calls are to be made in their order. */
export class WordSearch {
  /** Each word once, in the order of the layout's fields. */
  readonly #words: readonly string[];
  readonly #window: { readonly first: number; readonly end: number };
  readonly #levels: readonly number[];
  readonly #heat: WordHeat;
  #current: Unet;
  #found: readonly FoundMask[] | null = null;
  #images: MaskImages = new Map();

  private constructor(
    private readonly model: WordSearchModel,
    private readonly sought: readonly RegionWords[],
    private readonly variant: Unet,
    private readonly options: WordSearchOptions,
  ) {
    const { config: { nativeSize, vaeFactor } } = model;
    const { request: { width, height }, calls, begin } = options;
    this.#words = [...new Set(sought.map(({ shape }) => shape.of))];
    this.#window = searchedSteps(calls, begin);
    this.#levels = shapeLevels(variant.levels, nativeSize / vaeFactor);
    this.#heat = new WordHeat(this.#words.length, { width: width / vaeFactor, height: height / vaeFactor });
    this.#current = variant;
  }

  /** Null where no region of the layout is found by words. */
  static async open(model: WordSearchModel, options: WordSearchOptions): Promise<WordSearch | null> {
    const sought = regionWords(options.request.layout);
    if (sought.length === 0) return null;
    return new WordSearch(model, sought, await model.openUnet({ words: true }), options);
  }

  /** The UNet to predict with: the variant until the words are found, then the plain one, which is faster. */
  get unet(): Denoiser {
    const { levels, added } = this.variant;
    return {
      levels,
      added,
      cost: (conditioning) => this.#current.cost(conditioning),
      predict: (...args) => this.#current.predict(...args),
    };
  }

  /** The images of what was found, as canvases have them; empty until then. */
  get images(): MaskImages {
    return this.#images;
  }

  /**
   * What makes each window's first conditional prediction of a call in the UNet's place; undefined for calls that do not
   * count. Attention to words is a share of a place's own, so that what windows see goes together as their predictions do.
   * @param base The base prompt's context at that call.
   */
  at(call: number, base: PromptContext): FirstPrediction | undefined {
    const { first, end } = this.#window;
    if (call < first || call >= end) return undefined;
    return async (sample, timestep, conditioning, window) => {
      const tokens = this.#tokensAt(call);
      const { prediction, attention } = await this.variant.look(sample, timestep, conditioning, {
        context: base,
        tokens,
      });
      this.#heat.add(
        new Map(this.#levels.flatMap((level) => {
          const own = attention.get(level);
          return own === undefined ? [] : [[level, own]];
        })),
        window,
      );
      return prediction;
    };
  }

  /**
   * To be called after each call's predictions: after the last one that counts it works the masks out, and goes on with the
   * plain UNet.
   * @returns The masks, once.
   */
  async after(call: number): Promise<readonly FoundMask[] | null> {
    if (this.#found !== null || call + 1 < this.#window.end) return null;
    const images = new Map<string, MaskImage>();
    for (const { shape } of this.sought) {
      const key = foundMaskKey(shape);
      images.set(key, images.get(key) ?? this.#heat.mask(this.#words.indexOf(shape.of), shape.threshold));
    }
    this.#images = images;
    this.#found = foundMasks(this.options.request.layout, images);
    this.#current = await this.model.openUnet();
    return this.#found;
  }

  /** Attention to each word, added up so far: a copy. */
  get heat(): readonly Float32Array[] {
    return this.#heat.sums.map((sum) => sum.slice());
  }

  /**
   * Goes on from where another search of the same request was after a call.
   * @returns The masks, if they were found then.
   */
  async goOn(heat: readonly Float32Array[], call: number): Promise<readonly FoundMask[] | null> {
    this.#heat.sums.forEach((sum, word) => sum.set(nth(heat, word)));
    return await this.after(call);
  }

  /** S [T, W], see `graph/word_attention.ts`. */
  #tokensAt(call: number): Tensor {
    const { request: { layout, steps }, calls } = this.options;
    const [base] = parsedPrompts(layout).positive;
    const parts = base === undefined ? [] : promptAt(base, stepOfCall(call, { steps, calls }), steps);
    return this.model.text.findWords(parts, this.#words).columns;
  }
}

/** Where each region's words lie, by the images that were found for them. */
export function foundMasks(layout: Pick<Layout, "regions">, images: MaskImages): readonly FoundMask[] {
  return regionWords(layout).flatMap(({ region, shape }) => {
    const image = images.get(foundMaskKey(shape));
    return image === undefined ? [] : [{ region: layout.regions[region]?.name ?? "", words: shape.of, image }];
  });
}

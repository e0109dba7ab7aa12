/** The denoiser: a stock UNet, rewritten at load so that its cross-attention is regional. */

import { encodeFolded } from "../graph/fold_constants.ts";
import { WORD_INPUTS, wordAttentionOf } from "../graph/word_attention.ts";
import { placeFeeds } from "../lora/weighted_places.ts";
import type { Runtime, Session, ValueDescription } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { AddedInputs } from "./added_inputs.ts";
import type { ModelConfig } from "./config.ts";
import { readGraph } from "./graph_file.ts";
import { type Feeds, HoistedKeyValues, INLINE_KEY_VALUES, type KeyValues } from "./key_values.ts";
import {
  type AttentionCost,
  type AttentionFormName,
  denseFeeds,
  gatheredFeeds,
  type RegionalConditioning,
  type RegionalFeeds,
} from "./regional_feeds.ts";
import {
  type RegionalPlaces,
  type RegionalUnet,
  rewriteUnet,
  SAMPLE,
  TIMESTEP,
  type UnetOptions,
} from "./unet_graph.ts";

export type { UnetOptions } from "./unet_graph.ts";

/** Words of one context that are looked for in a picture. */
export interface WordQuery {
  /** [T, D] */
  readonly context: Tensor;
  /** [T, W]: for each word a column, which is 0 but at its tokens. */
  readonly tokens: Tensor;
}

/** A prediction, and how much each place of each level looks at each word. */
export interface WordLook {
  /** [1, C, h, w] */
  readonly prediction: Tensor;
  /** By level [N, W], N = its places in row-major order: the mean over the level's layers and their heads. */
  readonly attention: ReadonlyMap<number, Tensor>;
}

/** A loaded UNet. */
export class Unet {
  readonly #timestep: ValueDescription | undefined;
  // Weak, so that rows and keys of a generation go with its conditioning.
  readonly #regional = new WeakMap<RegionalConditioning, RegionalFeeds>();
  /** What a UNet with word attention is fed where nobody looks. */
  readonly #noWords: WordQuery;
  /** The element type it computes in, `float32` or `float16`. */
  readonly elementType: string;

  private constructor(
    private readonly session: Session,
    private readonly keyValues: KeyValues,
    private readonly form: AttentionFormName,
    /** Levels on which cross-attention needs weight maps. */
    readonly levels: readonly number[],
    /** Width D of a context's tokens. */
    readonly contextWidth: number,
    /** What it takes beside latents, timestep and contexts. */
    readonly added: AddedInputs,
    private readonly places: RegionalPlaces | undefined,
  ) {
    this.#noWords = {
      context: { dims: [1, contextWidth], data: new Float32Array(contextWidth) },
      tokens: { dims: [1, 1], data: new Float32Array(1) },
    };
    this.#timestep = session.inputs.find((input) => input.name === TIMESTEP);
    this.elementType = session.inputs.find((input) => input.name === SAMPLE)?.type ?? "float32";
  }

  /**
   * Loads and rewrites `<folder>/unet/model.onnx`.
   * @param config Of the model that the UNet belongs to; it may lie in another folder.
   * @throws {UnsupportedGraphError} if the graph is not a stock export.
   */
  static async load(runtime: Runtime, folder: string, config: ModelConfig, options: UnetOptions = {}): Promise<Unet> {
    return await Unet.open(runtime, rewriteUnet(readGraph(folder, "unet"), config, options), config);
  }

  /** Gives a rewritten graph to the engine. */
  static async open(runtime: Runtime, graph: RegionalUnet, { contextWidth }: ModelConfig): Promise<Unet> {
    const { step, hoisted, form, levels, added, places } = graph;
    const keyValues = hoisted === null ? INLINE_KEY_VALUES : await HoistedKeyValues.load(runtime, hoisted);
    try {
      const session = await runtime.createSession(encodeFolded(step));
      return new Unet(session, keyValues, form, levels, contextWidth, added, places);
    } catch (error) {
      await keyValues.release();
      throw error;
    }
  }

  /**
   * One prediction.
   * @param sample [1, C, h, w], scaled as the sampler says.
   * @param timestep Training timestep, 0 to the number of training steps. Rounded where the graph takes integers.
   * @returns [1, C, h, w]: epsilon, v or sample, as the model was trained.
   */
  async predict(sample: Tensor, timestep: number, conditioning: RegionalConditioning): Promise<Tensor> {
    const out = (await this.run(sample, timestep, conditioning)).get("out_sample");
    if (out === undefined) throw new Error("The UNet gave no out_sample");
    return out;
  }

  /**
   * The same prediction, with a look at where words are: of a UNet that was loaded with `wordAttention`.
   * @throws {RangeError} of one that was not.
   */
  async look(
    sample: Tensor,
    timestep: number,
    conditioning: RegionalConditioning,
    words: WordQuery,
  ): Promise<WordLook> {
    const outputs = await this.run(sample, timestep, conditioning, words);
    const output = (name: string): Tensor => {
      const tensor = outputs.get(name);
      if (tensor === undefined) throw new RangeError(`Cannot look for words: this UNet gives no ${name}`);
      return tensor;
    };
    const attention = new Map(this.levels.map((level) => [level, output(wordAttentionOf(level))]));
    return { prediction: output("out_sample"), attention };
  }

  /** One prediction with every output of the graph by name; see {@link UnetOptions.alsoOutput}. */
  async run(
    sample: Tensor,
    timestep: number,
    conditioning: RegionalConditioning,
    words: WordQuery = this.#noWords,
  ): Promise<ReadonlyMap<string, Tensor>> {
    const { type = "float32", shape = [] } = this.#timestep ?? {};
    const feeds: Feeds = {
      ...await this.keyValues.apply(this.#feeds(conditioning).feeds, conditioning.loras),
      ...Object.fromEntries(conditioning.added),
      [WORD_INPUTS.context]: words.context,
      [WORD_INPUTS.tokens]: words.tokens,
      [SAMPLE]: sample,
      [TIMESTEP]: {
        dims: shape.map(() => 1),
        data: Float32Array.of(type.startsWith("int") ? Math.round(timestep) : timestep),
      },
    };
    return await this.session.run(feeds);
  }

  /** What a conditioning's regional attention costs, level by level. */
  cost(conditioning: RegionalConditioning): readonly AttentionCost[] {
    return this.#feeds(conditioning).cost;
  }

  #feeds(conditioning: RegionalConditioning): RegionalFeeds {
    let feeds = this.#regional.get(conditioning);
    if (feeds === undefined) {
      feeds = (this.form === "dense" ? denseFeeds : gatheredFeeds)(conditioning);
      if (this.places !== undefined) {
        const { loras, levels } = this.places;
        const maps = placeFeeds(loras, levels, conditioning.loras, conditioning.weights);
        feeds = { ...feeds, feeds: { ...feeds.feeds, ...maps } };
      }
      this.#regional.set(conditioning, feeds);
    }
    return feeds;
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.keyValues.release();
  }
}

/** The denoiser: a stock UNet, rewritten at load so that its cross-attention is regional. */

import { followSkipConnections } from "../graph/any_size.ts";
import { TensorProto_DataType } from "onnx-buf";
import { elementType, valueInfo } from "../graph/emit.ts";
import { splitSelfAttention } from "../graph/split_self_attention.ts";
import { GraphIndex } from "../graph/graph_index.ts";
import { hoistKeysAndValues } from "../graph/hoist.ts";
import { encodeOnnx, type OnnxFile } from "../graph/onnx_file.ts";
import { DENSE } from "../graph/dense_attention.ts";
import { GATHERED } from "../graph/gathered_attention.ts";
import { type RegionalRewrite, rewriteCrossAttention } from "../graph/regional_rewrite.ts";
import type { Runtime, Session, ValueDescription } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import { type AddedInputs, findAddedInputs } from "./added_inputs.ts";
import { headsAtLevel, type ModelConfig } from "./config.ts";
import { readGraph } from "./graph_file.ts";
import { type Feeds, HoistedKeyValues, INLINE_KEY_VALUES, type KeyValues } from "./key_values.ts";
import {
  type AttentionCost,
  type AttentionFormName,
  denseFeeds,
  gatheredFeeds,
  type RegionalFeeds,
} from "./regional_feeds.ts";

/** Regional contexts and weight maps, packed as the rewritten graph takes them. */
export interface RegionalConditioning {
  /** [1, R, T, D] */
  readonly contexts: Tensor;
  /** [1, R, 1, 1, T]: 0 at a context's own tokens, -infinity at padding. */
  readonly mask: Tensor;
  /** By level, [1, R, 1, N, 1]. */
  readonly weights: ReadonlyMap<number, Tensor>;
  /** Further inputs by name, as {@link AddedInputs} asks for them. */
  readonly added: ReadonlyMap<string, Tensor>;
}

/** Options of {@link Unet.load}. */
export interface UnetOptions {
  /** Names of tensors to give out beside the prediction, for tests that look at a single layer. */
  readonly alsoOutput?: (rewrite: RegionalRewrite, graph: GraphIndex) => readonly string[];
  /**
   * Where keys and values are computed: `inline`, at every step, or `hoisted`, once per conditioning, by a graph of
   * their own. The results are equal; hoisting trades memory for time. `hoisted` unless told.
   */
  readonly keysAndValues?: "inline" | "hoisted";
  /** The form of regional attention. The results are equal; `gathered`, the faster one, unless told. */
  readonly form?: AttentionFormName;
}

/** Beside more weights than this, a 4 GiB heap has no room for whole self-attention scores. */
const SPLIT_BYTES = 2 ** 31;
/** Parts that self-attention is then done in. */
const PARTS = 8;

const SAMPLE = "sample";
const TIMESTEP = "timestep";

/** A loaded UNet. */
export class Unet {
  readonly #timestep: ValueDescription | undefined;
  // Weak, so that rows and keys of a generation go with its conditioning.
  readonly #regional = new WeakMap<RegionalConditioning, RegionalFeeds>();
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
  ) {
    this.#timestep = session.inputs.find((input) => input.name === TIMESTEP);
    this.elementType = session.inputs.find((input) => input.name === SAMPLE)?.type ?? "float32";
  }

  /**
   * Loads and rewrites `<folder>/unet/model.onnx`.
   * @param config Of the model that the UNet belongs to; it may lie in another folder.
   * @throws {UnsupportedGraphError} if the graph is not a stock export.
   */
  static async load(runtime: Runtime, folder: string, config: ModelConfig, options: UnetOptions = {}): Promise<Unet> {
    const { form = "gathered", keysAndValues = "hoisted" } = options;
    const file = readGraph(folder, "unet");
    const known = [SAMPLE, TIMESTEP, "encoder_hidden_states"];
    const added = findAddedInputs(file.graph.input.map((input) => input.name), known, config);
    const rewrite = rewriteCrossAttention(file, {
      headsAtLevel: (level) => headsAtLevel(config.unet, level),
      form: form === "dense" ? DENSE : GATHERED,
    });
    followSkipConnections(file);
    if (weightBytes(file) > SPLIT_BYTES) splitSelfAttention(file, PARTS);
    const extra = options.alsoOutput?.(rewrite, new GraphIndex(file.graph)) ?? [];
    const type = file.graph.input.filter((input) => input.name === SAMPLE).map(elementType)[0];
    file.graph.output.push(
      ...extra.map((name) => valueInfo(name, type ?? TensorProto_DataType.FLOAT, ["batch", "tokens", "width"])),
    );
    const hoisted = keysAndValues === "hoisted" ? hoistKeysAndValues(file, rewrite) : null;
    const keyValues = hoisted === null ? INLINE_KEY_VALUES : await HoistedKeyValues.load(runtime, hoisted);
    try {
      const session = await runtime.createSession(encodeOnnx(file));
      return new Unet(session, keyValues, form, rewrite.levels, config.contextWidth, added);
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

  /** One prediction with every output of the graph by name; see {@link UnetOptions.alsoOutput}. */
  async run(
    sample: Tensor,
    timestep: number,
    conditioning: RegionalConditioning,
  ): Promise<ReadonlyMap<string, Tensor>> {
    const { type = "float32", shape = [] } = this.#timestep ?? {};
    const feeds: Feeds = {
      ...await this.keyValues.apply(this.#feeds(conditioning).feeds),
      ...Object.fromEntries(conditioning.added),
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
      this.#regional.set(conditioning, feeds);
    }
    return feeds;
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.keyValues.release();
  }
}

function weightBytes({ bytes, external }: OnnxFile): number {
  return external.reduce((sum, { bytes }) => sum + bytes.length, bytes.length);
}

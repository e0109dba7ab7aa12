/** Prompt text -> what the UNet reads of it, through all of a model's text encoders. */

import { LRUCache } from "lru-cache";
import { nth } from "../../elements.ts";
import type { PromptEmphasis } from "../../layout/layout.ts";
import type { EncoderShare } from "../families/family.ts";
import type { OnnxFile } from "../graph/onnx_file.ts";
import type { AppliedLora } from "../lora/merge_loras.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import { blend, blendedReadings } from "./compel.ts";
import type { ModelConfig, TextEncoderPart } from "./config.ts";
import { type Embedding, EmbeddingFiles } from "./embeddings.ts";
import { interpolate, multiply, multiplyKeepingMean, valueSigns } from "./emphasis.ts";
import { findWords, type FoundWords } from "./find_words.ts";
import { joinTokens } from "./join_states.ts";
import { TextEncoder } from "./text_encoder.ts";
import { tokenizeTogether, type WeightedPrompt } from "./tokenize_together.ts";
import type { PromptTokenizer, WeightedText } from "./tokenizer.ts";

/**
 * What a UNet reads of a prompt: its context [T, D], with T = row length x rows; hidden states joined on the token axis,
 * those of several encoders as their family joins them.
 */
export interface PromptContext extends Tensor {
  /** [P], of the first row; none where the family has none. */
  readonly pooled?: Tensor | null;
  /** [T]: what the values of each token are multiplied by, 1 or -1; none where all are 1. */
  readonly valueSigns?: Float32Array | null;
  /** LoRAs whose keys and values are for this context alone; none unless set. The text encoder's share is in the numbers. */
  readonly loras?: readonly AppliedLora[];
}

/** An encoded prompt. */
export interface EncodedPrompt {
  readonly context: PromptContext;
  /** Ids that were encoded, by encoder: [encoders][rows][row length]. */
  readonly rows: readonly (readonly (readonly number[])[])[];
}

/** Prompts that are remembered. */
const REMEMBERED = 64;

/** A model's text encoders, together. */
export class TextConditioner {
  readonly #cache = new LRUCache<string, EncodedPrompt>({ max: REMEMBERED });
  readonly #files = new EmbeddingFiles();

  private constructor(private readonly encoders: readonly TextEncoder[], private readonly config: ModelConfig) {}

  /**
   * Loads every text encoder that the model has.
   * @param tokenizers One per encoder.
   * @param graphOf An encoder's graph by its part, edited in place.
   * @throws {ModelFolderError} if a graph is missing.
   * @throws {UnsupportedGraphError} if a graph lacks the outputs that the family needs.
   */
  static async load(
    runtime: Runtime,
    config: ModelConfig,
    tokenizers: readonly PromptTokenizer[],
    graphOf: (part: TextEncoderPart["part"]) => OnnxFile | Promise<OnnxFile>,
  ): Promise<TextConditioner> {
    const encoders: TextEncoder[] = [];
    try {
      for (const [i, encoder] of config.textEncoders.entries()) {
        const file = await graphOf(encoder.part);
        encoders.push(await TextEncoder.load(runtime, file, encoder, nth(tokenizers, i)));
      }
    } catch (error) {
      for (const encoder of encoders) await encoder.release();
      throw error;
    }
    return new TextConditioner(encoders, config);
  }

  /**
   * Encodes a prompt; the same one is encoded once and remembered (the 64 most recent ones).
   * @param prompt Plain text, every character as it stands, or parts of weighted text.
   * @param emphasis How weights are read.
   * @param clipSkip Which layer of the encoders is read: 1 the one that the UNet was trained with, 2 the one before it, and
   *   so on, as A1111 counts; diffusers' `clip_skip` is one less.
   * @throws {UnsupportedGraphError} if an encoder does not give out that layer.
   * @throws {EmphasisError} where the weights have no meaning.
   * @throws {UnknownEmbeddingError} if it names an embedding that the model does not have.
   * @throws {EmbeddingFileError} if it names one that the model cannot use.
   */
  async encode(
    prompt: string | WeightedPrompt,
    emphasis: PromptEmphasis = "NO_NORM",
    clipSkip = 1,
  ): Promise<EncodedPrompt> {
    const parts = typeof prompt === "string" ? [[{ text: prompt, weight: 1 }]] : prompt;
    const names = new Set(parts.flat().flatMap(({ embedding }) => embedding ?? []));
    const embeddings = new Map([...names].map((name) => [name, this.#files.get(this.config, name)]));
    const key = JSON.stringify([
      emphasis,
      clipSkip,
      parts.map((part) => part.map(({ text, weight, embedding }) => [text, weight, embedding])),
      [...embeddings.values()].map(({ state }) => state),
    ]);
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const encoded = await this.#encode(parts, emphasis, { embeddings, clipSkip });
    this.#cache.set(key, encoded);
    return encoded;
  }

  /** Where words stand in the context of a prompt; see {@link findWords}. */
  findWords(prompt: WeightedPrompt, words: readonly string[]): FoundWords {
    const vectors = (name: string) => this.#files.get(this.config, name).vectors;
    return findWords(this.encoders.map(({ tokenizer }) => tokenizer), prompt, words, vectors);
  }

  async #encode(prompt: WeightedPrompt, emphasis: PromptEmphasis, how: Encoding): Promise<EncodedPrompt> {
    const { rows, weights, shares } = emphasis === "COMPEL"
      ? joinParts(await inTurn(prompt, (part) => this.#blend(part, how)))
      : await this.#weigh(prompt, emphasis, how);
    const signs = emphasis === "COMFY" || emphasis === "COMPEL" ? null : valueSigns(nth(weights, 0).flat());
    const { context, pooled } = this.config.family.join(shares);
    return { context: { ...context, pooled, valueSigns: signs }, rows };
  }

  /** One part under COMPEL: blended with itself without the words of less weight than 1. */
  async #blend(part: readonly WeightedText[], how: Encoding): Promise<WeighedPrompt> {
    const readings = blendedReadings(part);
    const weighed = await inTurn(readings, (reading) => this.#weigh([reading.part], "COMFY", how));
    const [whole] = weighed;
    if (whole === undefined) throw new RangeError("Cannot blend a part that is not there");
    if (weighed.length === 1) return whole;
    const parts = readings.map(({ share }) => share);
    const shares = await inTurn(this.encoders, async (encoder, i): Promise<EncoderShare> => {
      const states = weighed.map(({ shares }) => nth(shares, i).state);
      return { ...nth(whole.shares, i), state: blend(states, parts, await encoder.empty(how.clipSkip)) };
    });
    return { ...whole, shares };
  }

  /** A whole prompt in one reading, each encoder's states weighted by themselves. */
  async #weigh(
    prompt: WeightedPrompt,
    emphasis: Exclude<PromptEmphasis, "COMPEL">,
    { embeddings, clipSkip }: Encoding,
  ): Promise<WeighedPrompt> {
    const tokenizers = this.encoders.map(({ tokenizer }) => tokenizer);
    const tokenized = tokenizeTogether(tokenizers, prompt, (name) => named(embeddings, name).vectors);
    const shares = await inTurn(this.encoders, async (encoder, i): Promise<EncoderShare> => {
      const { rows, weights, embeddings: placed } = nth(tokenized, i);
      const vectors = placed.map(({ name, row, at }) => {
        return { row, at, vectors: nth(named(embeddings, name).byEncoder, i) };
      });
      const { state, pooled } = await encoder.encode(rows, vectors, clipSkip);
      const empty = () => encoder.empty(clipSkip);
      return {
        state: await emphasized(state, weights.flat(), emphasis, { empty, length: encoder.tokenizer.length }),
        pooled,
      };
    });
    return {
      rows: tokenized.map(({ rows }) => rows),
      weights: tokenized.map(({ weights }) => weights),
      shares,
    };
  }

  async release(): Promise<void> {
    for (const encoder of this.encoders) await encoder.release();
  }
}

/** A state with the weights of its tokens applied. */
async function emphasized(
  state: Tensor,
  weights: readonly number[],
  emphasis: Exclude<PromptEmphasis, "COMPEL">,
  row: {
    /** Ids in a row. */
    readonly length: number;
    /** The same encoder's state, of the same layer, of a row without text. */
    readonly empty: () => Promise<Tensor>;
  },
): Promise<Tensor> {
  switch (emphasis) {
    case "NO_NORM":
      return multiply(state, weights);
    case "A1111":
      return multiplyKeepingMean(state, weights, row.length);
    case "COMFY":
      return weights.every((weight) => weight === 1) ? state : interpolate(state, weights, await row.empty());
  }
}

/** How a prompt is encoded, whatever its weights. */
interface Encoding {
  readonly embeddings: Embeddings;
  readonly clipSkip: number;
}

/** Those that a prompt names, by name. */
type Embeddings = ReadonlyMap<string, Embedding>;

function named(embeddings: Embeddings, name: string): Embedding {
  const embedding = embeddings.get(name);
  if (embedding === undefined) throw new RangeError(`Cannot encode the embedding "${name}": it was not read`);
  return embedding;
}

/** A prompt whose states are weighted; arrays by encoder. */
interface WeighedPrompt {
  readonly rows: readonly (readonly (readonly number[])[])[];
  readonly weights: readonly (readonly (readonly number[])[])[];
  readonly shares: readonly EncoderShare[];
}

/** Parts of one prompt, one after the other. */
function joinParts(parts: readonly WeighedPrompt[]): WeighedPrompt {
  const [first] = parts;
  if (first === undefined) throw new RangeError("Cannot join no parts");
  return {
    rows: first.rows.map((_, i) => parts.flatMap(({ rows }) => nth(rows, i))),
    weights: first.weights.map((_, i) => parts.flatMap(({ weights }) => nth(weights, i))),
    shares: first.shares.map(({ pooled }, i) => ({
      state: joinTokens(parts.map(({ shares }) => nth(shares, i).state)),
      pooled,
    })),
  };
}

/** One after the other: encoders share an engine. */
async function inTurn<T, U>(items: readonly T[], work: (item: T, i: number) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  for (const [i, item] of items.entries()) done.push(await work(item, i));
  return done;
}

/** Prompt text -> what the UNet reads of it, through all of a model's text encoders. */

import type { Runtime } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { PromptEmphasis } from "../../layout/layout.ts";
import { blend, blendedReadings } from "./compel.ts";
import type { ModelConfig } from "./config.ts";
import { type Embedding, EmbeddingFiles } from "./embeddings.ts";
import { interpolate, multiply, multiplyKeepingMean, valueSigns } from "./emphasis.ts";
import { findWords, type FoundWords } from "./find_words.ts";
import { joinTokens, joinWidths } from "./join_states.ts";
import type { ModelGraphs } from "./model_graphs.ts";
import { TextEncoder, type TextEncoderOutputs } from "./text_encoder.ts";
import { tokenizeTogether, type WeightedPrompt } from "./tokenize_together.ts";
import type { PromptTokenizer, WeightedText } from "./tokenizer.ts";

/**
 * What a UNet reads of a prompt: its context [T, D], with T = row length x rows; hidden states joined on the token axis,
 * those of two encoders side by side.
 */
export interface PromptContext extends Tensor {
  /** [P], the second encoder's projected embedding of the first row; none for models with one encoder. */
  readonly pooled?: Tensor | null;
  /** [T]: what the values of each token are multiplied by, 1 or -1; none where all are 1. */
  readonly valueSigns?: Float32Array | null;
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
  readonly #cache = new Map<string, EncodedPrompt>();

  readonly #files = new EmbeddingFiles();

  private constructor(private readonly encoders: readonly TextEncoder[], private readonly config: ModelConfig) {}

  /**
   * Loads every text encoder that the model has.
   * @param tokenizers One per encoder.
   * @throws {ModelFolderError} if a graph is missing.
   * @throws {UnsupportedGraphError} if a graph lacks the outputs that the family needs.
   */
  static async load(
    runtime: Runtime,
    graphs: ModelGraphs,
    tokenizers: readonly PromptTokenizer[],
  ): Promise<TextConditioner> {
    const { config } = graphs;
    const encoders: TextEncoder[] = [];
    try {
      for (const [i, { part }] of config.textEncoders.entries()) {
        const tokenizer = tokenizers[i];
        if (tokenizer === undefined) throw new RangeError(`Cannot load "${part}" without a tokenizer`);
        encoders.push(await TextEncoder.load(runtime, graphs, part, tokenizer, outputsOf(config, i)));
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
   * @throws {EmphasisError} where the weights have no meaning.
   * @throws {UnknownEmbeddingError} if it names an embedding that the model does not have.
   * @throws {EmbeddingFileError} if it names one that the model cannot use.
   */
  async encode(prompt: string | WeightedPrompt, emphasis: PromptEmphasis = "NO_NORM"): Promise<EncodedPrompt> {
    const parts = typeof prompt === "string" ? [[{ text: prompt, weight: 1 }]] : prompt;
    const names = new Set(parts.flat().flatMap(({ embedding }) => embedding ?? []));
    const embeddings = new Map([...names].map((name) => [name, this.#files.get(this.config, name)]));
    const key = JSON.stringify([
      emphasis,
      parts.map((part) => part.map(({ text, weight, embedding }) => [text, weight, embedding])),
      [...embeddings.values()].map(({ state }) => state),
    ]);
    const encoded = this.#cache.get(key) ?? await this.#encode(parts, emphasis, embeddings);
    this.#cache.delete(key); // so that it becomes the most recent one
    this.#cache.set(key, encoded);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > REMEMBERED && oldest !== undefined) this.#cache.delete(oldest);
    return encoded;
  }

  /** Where words stand in the context of a prompt; see {@link findWords}. */
  findWords(prompt: WeightedPrompt, words: readonly string[]): FoundWords {
    const vectors = (name: string) => this.#files.get(this.config, name).vectors;
    return findWords(this.encoders.map(({ tokenizer }) => tokenizer), prompt, words, vectors);
  }

  async #encode(prompt: WeightedPrompt, emphasis: PromptEmphasis, embeddings: Embeddings): Promise<EncodedPrompt> {
    const { rows, weights, states, pooled } = emphasis === "COMPEL"
      ? joinParts(await inTurn(prompt, (part) => this.#blend(part, embeddings)))
      : await this.#weigh(prompt, emphasis, embeddings);
    const signs = emphasis === "COMFY" || emphasis === "COMPEL" ? null : valueSigns(weights[0]?.flat() ?? []);
    return { context: { ...joinWidths(states), pooled, valueSigns: signs }, rows };
  }

  /** One part under COMPEL: blended with itself without the words of less weight than 1. */
  async #blend(part: readonly WeightedText[], embeddings: Embeddings): Promise<WeighedPrompt> {
    const readings = blendedReadings(part);
    const weighed = await inTurn(readings, (reading) => this.#weigh([reading.part], "COMFY", embeddings));
    const [whole] = weighed;
    if (whole === undefined) throw new RangeError("Cannot blend a part that is not there");
    if (weighed.length === 1) return whole;
    const shares = readings.map(({ share }) => share);
    const states = await inTurn(
      this.encoders,
      async (encoder, i) => blend(weighed.flatMap(({ states }) => states[i] ?? []), shares, await encoder.empty()),
    );
    return { ...whole, states };
  }

  /** A whole prompt in one reading, each encoder's states weighted by themselves. */
  async #weigh(
    prompt: WeightedPrompt,
    emphasis: Exclude<PromptEmphasis, "COMPEL">,
    embeddings: Embeddings,
  ): Promise<WeighedPrompt> {
    const tokenizers = this.encoders.map(({ tokenizer }) => tokenizer);
    const tokenized = tokenizeTogether(tokenizers, prompt, (name) => embeddings.get(name)?.vectors ?? 0);
    let pooled: Tensor | null = null;
    const states = await inTurn(this.encoders, async (encoder, i) => {
      const { rows = [], weights = [], embeddings: placed = [] } = tokenized[i] ?? {};
      const vectors = placed.flatMap(({ name, row, at }) => {
        const own = embeddings.get(name)?.byEncoder[i];
        return own === undefined ? [] : [{ row, at, vectors: own }];
      });
      const encoded = await encoder.encode(rows, vectors);
      pooled ??= encoded.pooled;
      const all = weights.flat();
      switch (emphasis) {
        case "NO_NORM":
          return multiply(encoded.state, all);
        case "A1111":
          return multiplyKeepingMean(encoded.state, all, encoder.tokenizer.length);
        case "COMFY":
          return all.every((weight) => weight === 1)
            ? encoded.state
            : interpolate(encoded.state, all, await encoder.empty());
      }
    });
    return {
      rows: tokenized.map(({ rows }) => rows),
      weights: tokenized.map(({ weights }) => weights),
      states,
      pooled,
    };
  }

  async release(): Promise<void> {
    for (const encoder of this.encoders) await encoder.release();
  }
}

/**
 * Which outputs hold encoder `i`'s share: a single encoder gives its last hidden state; of two, each gives its
 * penultimate one and the second its projected embedding as well (SDXL, arXiv:2307.01952, table 1).
 */
function outputsOf({ textEncoders }: ModelConfig, i: number): TextEncoderOutputs {
  if (textEncoders.length === 1) return { state: "last_hidden_state", pooled: null };
  const layers = textEncoders[i]?.config.num_hidden_layers ?? 0; // states 0 to layers: the embeddings come first
  return { state: `hidden_states.${layers - 1}`, pooled: i === 0 ? null : "text_embeds" };
}

/** Those that a prompt names, by name. */
type Embeddings = ReadonlyMap<string, Embedding>;

/** A prompt whose states are weighted; arrays by encoder. */
interface WeighedPrompt {
  readonly rows: readonly (readonly (readonly number[])[])[];
  readonly weights: readonly (readonly (readonly number[])[])[];
  /** [T, D_i] */
  readonly states: readonly Tensor[];
  /** [P], of the first row. */
  readonly pooled: Tensor | null;
}

/** Parts of one prompt, one after the other. */
function joinParts(parts: readonly WeighedPrompt[]): WeighedPrompt {
  const [first] = parts;
  if (first === undefined) throw new RangeError("Cannot join no parts");
  return {
    rows: first.rows.map((_, i) => parts.flatMap(({ rows }) => rows[i] ?? [])),
    weights: first.weights.map((_, i) => parts.flatMap(({ weights }) => weights[i] ?? [])),
    states: first.states.map((_, i) => joinTokens(parts.flatMap(({ states }) => states[i] ?? []))),
    pooled: first.pooled,
  };
}

/** One after the other: encoders share an engine. */
async function inTurn<T, U>(items: readonly T[], work: (item: T, i: number) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  for (const [i, item] of items.entries()) done.push(await work(item, i));
  return done;
}

/** Prompt text -> what the UNet reads of it, through all of a model's text encoders. */

import type { Runtime } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { ModelConfig } from "./config.ts";
import { emphasize } from "./emphasis.ts";
import type { ModelGraphs } from "./model_graphs.ts";
import { TextEncoder, type TextEncoderOutputs } from "./text_encoder.ts";
import { tokenizeTogether, type WeightedPrompt } from "./tokenize_together.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/**
 * What a UNet reads of a prompt: its context [T, D], with T = row length x rows; hidden states joined on the token axis,
 * those of two encoders side by side.
 */
export interface PromptContext extends Tensor {
  /** [P], the second encoder's projected embedding of the first row; none for models with one encoder. */
  readonly pooled?: Tensor | null;
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

  private constructor(private readonly encoders: readonly TextEncoder[]) {}

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
    return new TextConditioner(encoders);
  }

  /**
   * Encodes a prompt; the same one is encoded once and remembered (the 64 most recent ones).
   * @param prompt Plain text, every character as it stands, or parts of weighted text.
   */
  async encode(prompt: string | WeightedPrompt): Promise<EncodedPrompt> {
    const parts = typeof prompt === "string" ? [[{ text: prompt, weight: 1 }]] : prompt;
    const key = JSON.stringify(parts.map((part) => part.map(({ text, weight }) => [text, weight])));
    const encoded = this.#cache.get(key) ?? await this.#encode(parts);
    this.#cache.delete(key); // so that it becomes the most recent one
    this.#cache.set(key, encoded);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > REMEMBERED && oldest !== undefined) this.#cache.delete(oldest);
    return encoded;
  }

  async #encode(prompt: WeightedPrompt): Promise<EncodedPrompt> {
    const tokenized = tokenizeTogether(this.encoders.map(({ tokenizer }) => tokenizer), prompt);
    const states: Tensor[] = [];
    let pooled: Tensor | null = null;
    for (const [i, encoder] of this.encoders.entries()) {
      const { rows = [], weights = [] } = tokenized[i] ?? {};
      const encoded = await encoder.encode(rows);
      states.push(emphasize(encoded.state, weights.flat()));
      pooled ??= encoded.pooled;
    }
    return { context: { ...joinWidths(states), pooled }, rows: tokenized.map(({ rows }) => rows) };
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

/** Joins [T, D_i] states to one [T, sum D_i]. */
function joinWidths(states: readonly Tensor[]): Tensor {
  const [first] = states;
  if (first === undefined) throw new RangeError("Cannot encode a prompt without a text encoder");
  if (states.length === 1) return first;
  const tokens = first.dims[0] ?? 0;
  const width = states.reduce((sum, s) => sum + (s.dims[1] ?? 0), 0);
  const data = new Float32Array(tokens * width);
  let column = 0;
  for (const state of states) {
    const own = state.dims[1] ?? 0;
    for (let t = 0; t < tokens; t++) data.set(state.data.subarray(t * own, (t + 1) * own), t * width + column);
    column += own;
  }
  return { dims: [tokens, width], data };
}

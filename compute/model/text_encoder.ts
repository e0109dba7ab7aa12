/** Prompt text -> the context that cross-attention reads. */

import { encodeOnnx } from "../graph/onnx_file.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { elements, type Tensor } from "../tensor.ts";
import type { ModelConfig } from "./config.ts";
import { readGraph } from "./graph_file.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/** An encoded prompt. */
export interface EncodedPrompt {
  /** [T, D] with T = row length x chunks: the rows' hidden states, joined on the token axis. */
  readonly context: Tensor;
  /** Ids of the rows that were encoded. */
  readonly rows: readonly (readonly number[])[];
}

/** A CLIP text encoder whose last hidden state is the context (Stable Diffusion 1 and 2). */
export class TextEncoder {
  readonly #cache = new Map<string, EncodedPrompt>();

  private constructor(private readonly session: Session, private readonly tokenizer: PromptTokenizer) {}

  static async load(runtime: Runtime, config: ModelConfig, tokenizer: PromptTokenizer): Promise<TextEncoder> {
    const session = await runtime.createSession(encodeOnnx(readGraph(config.folder, "text_encoder")));
    return new TextEncoder(session, tokenizer);
  }

  /** Encodes a prompt; the same text is encoded once and remembered (the 64 most recent ones). */
  async encode(text: string): Promise<EncodedPrompt> {
    const known = this.#cache.get(text);
    if (known !== undefined) {
      this.#cache.delete(text);
      this.#cache.set(text, known);
      return known;
    }
    const { rows } = this.tokenizer.tokenize(text);
    // One row at a time: the numbers of a row then never depend on how many others there are.
    const states: Tensor[] = [];
    for (const row of rows) states.push(await this.#hiddenState(row));
    const encoded = { context: joinTokens(states), rows };
    this.#cache.set(text, encoded);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > 64 && oldest !== undefined) this.#cache.delete(oldest);
    return encoded;
  }

  async #hiddenState(row: readonly number[]): Promise<Tensor> {
    const feed = { dims: [1, row.length], data: Int32Array.from(row) };
    const outputs = await this.session.run({ input_ids: feed }, ["last_hidden_state"]);
    const state = outputs.get("last_hidden_state");
    if (state === undefined) throw new Error("The text encoder gave no last_hidden_state");
    return state;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** Joins [1, T, D] states to one [sum T, D]. */
function joinTokens(states: readonly Tensor[]): Tensor {
  const width = states[0]?.dims.at(-1) ?? 0;
  const data = new Float32Array(states.reduce((sum, s) => sum + elements(s.dims), 0));
  let at = 0;
  for (const state of states) {
    data.set(state.data, at);
    at += state.data.length;
  }
  return { dims: [data.length / width, width], data };
}

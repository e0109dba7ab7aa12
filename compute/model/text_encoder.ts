/** One CLIP text encoder: rows of token ids -> hidden states. */

import { encodeFolded } from "../graph/fold_constants.ts";
import { giveOutLayers } from "../graph/text_layers.ts";
import { EMBEDDING_INPUTS, takeVectors } from "../graph/token_embeddings.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import { joinTokens } from "./join_states.ts";
import type { ModelGraphs } from "./model_graphs.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/** The output of every text encoder that holds its last state, behind its final norm. */
export const LAST_STATE = "last_hidden_state";

/** Names of the graph outputs that make up an encoding. */
export interface TextEncoderOutputs {
  /** [1, T, D], one row's hidden state, by the layers that are skipped: 1 for none. */
  readonly state: (clipSkip: number) => string;
  /** [1, P], one row's projected embedding; null where it is not wanted. */
  readonly pooled: string | null;
}

/** Vectors [k, D] in the places [at, at + k) of a row. */
export interface PlacedVectors {
  readonly row: number;
  readonly at: number;
  readonly vectors: Tensor;
}

/** What one encoder makes of a prompt. */
export interface EncodedRows {
  /** [sum T, D]: the rows' hidden states, joined on the token axis. */
  readonly state: Tensor;
  /** [P], of the first row. */
  readonly pooled: Tensor | null;
}

/** A loaded text encoder with the tokenizer it was trained with. */
export class TextEncoder {
  readonly #empty = new Map<number, Promise<Tensor>>();

  private constructor(
    private readonly session: Session,
    readonly tokenizer: PromptTokenizer,
    private readonly outputs: TextEncoderOutputs,
    /** The width of vectors that may stand in the place of tokens; null where the graph has no place for any. */
    private readonly vectorWidth: number | null,
  ) {}

  /**
   * Loads the encoder of a part.
   * @throws {UnsupportedGraphError} if the graph lacks one of the outputs.
   */
  static async load(
    runtime: Runtime,
    graphs: ModelGraphs,
    part: string,
    tokenizer: PromptTokenizer,
    outputs: TextEncoderOutputs,
  ): Promise<TextEncoder> {
    const file = graphs.take(part);
    for (const name of [outputs.state(1), outputs.pooled]) {
      if (name === null || file.graph.output.some((output) => output.name === name)) continue;
      throw new UnsupportedGraphError(`the text encoder "${part}" has no output "${name}"`);
    }
    const config = graphs.config.textEncoders.find((encoder) => encoder.part === part)?.config;
    const { hidden_size: width = 0, num_hidden_layers: layers = 0 } = config ?? {};
    const takes = takeVectors(file, width);
    giveOutLayers(file, { layers, last: LAST_STATE, normed: outputs.state(1) === LAST_STATE, width });
    const session = await runtime.createSession(encodeFolded(file));
    return new TextEncoder(session, tokenizer, outputs, takes ? width : null);
  }

  /**
   * Encodes rows of ids one at a time: the numbers of a row then never depend on how many others there are.
   * @param vectors What stands in the place of ids.
   * @param clipSkip Which layer is read: 1 the one that the UNet was trained with, 2 the one before it, and so on.
   * @throws {UnsupportedGraphError} on vectors, if the graph has no table of tokens that they could stand beside; on a
   *   layer that it does not give out.
   */
  async encode(
    rows: readonly (readonly number[])[],
    vectors: readonly PlacedVectors[] = [],
    clipSkip = 1,
  ): Promise<EncodedRows> {
    const { pooled } = this.outputs;
    const state = this.outputs.state(clipSkip);
    if (!this.session.outputs.some(({ name }) => name === state)) {
      throw new UnsupportedGraphError(`a text encoder does not give out the layer of clipSkip ${clipSkip}`);
    }
    const states: Tensor[] = [];
    let first: Tensor | null = null;
    for (const [r, row] of rows.entries()) {
      const feeds = {
        input_ids: { dims: [1, row.length], data: Int32Array.from(row) },
        ...this.#vectorFeeds(row.length, vectors.filter((placed) => placed.row === r)),
      };
      const outputs = await this.session.run(feeds, pooled === null ? [state] : [state, pooled]);
      states.push(output(outputs, state));
      if (pooled !== null) first ??= output(outputs, pooled);
    }
    return { state: joinTokens(states), pooled: first && { dims: [first.data.length], data: first.data } };
  }

  #vectorFeeds(length: number, placed: readonly PlacedVectors[]): Readonly<Record<string, Tensor>> {
    const width = this.vectorWidth;
    if (width === null) {
      if (placed.length === 0) return {};
      throw new UnsupportedGraphError("a text encoder looks up no table of tokens that embeddings could stand beside");
    }
    const vectors = new Float32Array(length * width), places = new Float32Array(length);
    for (const { at, vectors: own } of placed) {
      vectors.set(own.data, at * width);
      places.fill(1, at, at + (own.dims[0] ?? 0));
    }
    return {
      [EMBEDDING_INPUTS.vectors]: { dims: [1, length, width], data: vectors },
      [EMBEDDING_INPUTS.places]: { dims: [1, length, 1], data: places },
    };
  }

  /** [T, D], the state of the empty prompt's one row; encoded once for each layer. */
  empty(clipSkip: number): Promise<Tensor> {
    const known = this.#empty.get(clipSkip);
    if (known !== undefined) return known;
    const state = this.encode(this.tokenizer.tokenize("").rows, [], clipSkip).then(({ state }) => state);
    this.#empty.set(clipSkip, state);
    state.catch(() => this.#empty.delete(clipSkip)); // a failed run may be tried again
    return state;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

function output(outputs: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = outputs.get(name);
  if (tensor === undefined) throw new Error(`The text encoder gave no ${name}`);
  return tensor;
}

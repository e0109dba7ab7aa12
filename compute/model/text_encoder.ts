/** One CLIP text encoder: rows of token ids -> hidden states. */

import type { EncoderShare, TextEncoderOutputs } from "../families/family.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import type { OnnxFile } from "../graph/onnx_file.ts";
import { EMBEDDING_INPUTS, takeVectors } from "../graph/token_embeddings.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { joinTokens } from "./join_states.ts";
import { giveOutEarlierLayers, stateOutput } from "./clip_skip.ts";
import type { TextEncoderPart } from "./config.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/** Vectors [k, D] in the places [at, at + k) of a row. */
export interface PlacedVectors {
  readonly row: number;
  readonly at: number;
  readonly vectors: Tensor;
}

/** A loaded text encoder with the tokenizer it was trained with. */
export class TextEncoder {
  readonly #empty = new Map<number, Promise<Tensor>>();

  private constructor(
    private readonly session: Session,
    readonly tokenizer: PromptTokenizer,
    private readonly outputs: TextEncoderOutputs,
    /** The width of vectors that may replace tokens; null if the graph cannot take any. */
    private readonly vectorWidth: number | null,
  ) {}

  /**
   * Loads one of a model's encoders.
   * @param file Its graph, edited in place.
   * @throws {UnsupportedGraphError} if the graph lacks one of the outputs.
   */
  static async load(
    runtime: Runtime,
    file: OnnxFile,
    encoder: TextEncoderPart,
    tokenizer: PromptTokenizer,
  ): Promise<TextEncoder> {
    const { part, config: { hidden_size: width } } = encoder;
    const outputs = encoder.outputs(encoder.config);
    for (const name of [outputs.state, outputs.pooled]) {
      if (name === null || file.graph.output.some((output) => output.name === name)) continue;
      throw new UnsupportedGraphError(`the text encoder "${part}" has no output "${name}"`);
    }
    const takes = takeVectors(file, width);
    giveOutEarlierLayers(file, encoder);
    const session = await runtime.createSession(encodeFolded(file));
    return new TextEncoder(session, tokenizer, outputs, takes ? width : null);
  }

  /**
   * Encodes rows of ids one at a time: the numbers of a row then never depend on how many others there are.
   * @param vectors They replace ids.
   * @param clipSkip Which layer is read: 1 the one that the UNet was trained with, 2 the one before it, and so on.
   * @returns The rows' states, joined on the token axis, and the pooled embedding of the first row.
   * @throws {UnsupportedGraphError} on vectors, if the graph has no table of tokens that they could stand beside; on a
   *   layer that it does not give out.
   */
  async encode(
    rows: readonly (readonly number[])[],
    vectors: readonly PlacedVectors[] = [],
    clipSkip = 1,
  ): Promise<EncoderShare> {
    const { pooled } = this.outputs;
    const state = stateOutput(this.outputs, clipSkip);
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
      places.fill(1, at, at + shapeOf(own, 2)[0]);
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

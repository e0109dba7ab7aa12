/** A model's tokenizer: prompt text -> rows of token ids, cut into chunks rather than truncated. */

import { isFile, readText as readFile } from "#host/files.ts";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { type AddedToken, synthesizeTokenizer } from "./clip_tokenizer.ts";
import { type ModelConfig, ModelFolderError, readModelJson } from "./config.ts";
import { readSpecialTokens, type SpecialTokens } from "./special_tokens.ts";

/** Text with one weight. */
export interface WeightedText {
  readonly text: string;
  /** How much its tokens count, by the emphasis in force; 1 leaves them alone. */
  readonly weight: number;
  /** The name of the embedding that stands in its place. */
  readonly embedding?: string;
}

/** How many vectors the embedding of a name has. */
export type VectorCount = (embedding: string) => number;

/** Where an embedding stands: its first place in a row; it lies in that row as a whole. */
export interface PlacedEmbedding {
  readonly name: string;
  readonly row: number;
  readonly at: number;
}

/** A prompt as the text encoder reads it. */
export interface TokenizedPrompt {
  /** [chunks][length] ids: BOS, up to length - 2 tokens, EOS, padding. At least one chunk, also for empty text. */
  readonly rows: readonly (readonly number[])[];
  /** [chunks][length]: the weight of each id; 1 for BOS, EOS and padding. */
  readonly weights: readonly (readonly number[])[];
  /** [chunks]: how many ids of each chunk are the text's; they follow its BOS. */
  readonly lengths: readonly number[];
  /** What replaces ids that are 0, in order. */
  readonly embeddings: readonly PlacedEmbedding[];
  /** Tokens of the text itself, each vector of an embedding counting as one, without BOS, EOS and padding. */
  readonly tokens: number;
}

/** Reads text as one text encoder does. */
export class PromptTokenizer {
  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly special: { readonly bos: number; readonly eos: number; readonly pad: number },
    /** Ids in a row, BOS and EOS included: 77 for CLIP. */
    readonly length: number,
  ) {}

  /**
   * Loads `tokenizer.json`, or makes one of `vocab.json` and `merges.txt` where an older export has only those.
   * @param folder The `tokenizer` folder of a model.
   * @param length Ids in a row, from the text encoder's `max_position_embeddings`.
   * @throws {ModelFolderError} if a file is missing or names special tokens that the vocabulary lacks.
   */
  static load(folder: string, length: number): PromptTokenizer {
    const { tokens, config } = readSpecialTokens(folder);
    const file = join(folder, "tokenizer.json");
    const tokenizer = new Tokenizer(isFile(file) ? readRecord(file) : synthesize(folder, tokens), config);
    const id = (token: string) => {
      const id = tokenizer.token_to_id(token);
      if (id === undefined) throw new ModelFolderError(folder, `its vocabulary lacks the special token "${token}"`);
      return id;
    };
    return new PromptTokenizer(tokenizer, { bos: id(tokens.bos), eos: id(tokens.eos), pad: id(tokens.pad) }, length);
  }

  /** Tokenizes a prompt; more than `length - 2` tokens make further rows. */
  tokenize(text: string): TokenizedPrompt {
    return this.tokenizeSpans([{ text, weight: 1 }]);
  }

  /**
   * Tokenizes spans, each by itself, so that none changes how another is cut, into rows that they share. An embedding that
   * does not fit into what is left of a row begins the next one.
   * @param vectors Of the embeddings that spans name, each from 1 to `length - 2`.
   */
  tokenizeSpans(spans: readonly WeightedText[], vectors: VectorCount = noVectors): TokenizedPrompt {
    const rows: Row[] = [];
    const embeddings: PlacedEmbedding[] = [];
    let row: Row = { ids: [], weights: [] };
    let tokens = 0;
    for (const { text, weight, embedding } of spans) {
      const ids = embedding === undefined ? this.#ids(text) : new Array<number>(vectors(embedding)).fill(PLACEHOLDER);
      const unit = embedding === undefined ? 1 : ids.length;
      tokens += ids.length;
      for (let at = 0; at < ids.length; at += unit) {
        if (row.ids.length + unit > this.length - 2) {
          rows.push(row);
          row = { ids: [], weights: [] };
        }
        if (embedding !== undefined) embeddings.push({ name: embedding, row: rows.length, at: row.ids.length + 1 });
        for (let i = at; i < at + unit; i++) {
          row.ids.push(ids[i] ?? PLACEHOLDER);
          row.weights.push(weight);
        }
      }
    }
    rows.push(row);
    const closed = rows.map((row) => this.#close(row));
    return {
      rows: closed.map(({ ids }) => ids),
      weights: closed.map(({ weights }) => weights),
      lengths: rows.map(({ ids }) => ids.length),
      embeddings,
      tokens,
    };
  }

  /** A whole row: BOS before what it says, EOS and padding behind. */
  #close({ ids, weights }: Row): Row {
    const { bos, eos, pad } = this.special;
    const padding = new Array<number>(this.length - 2 - ids.length);
    return { ids: [bos, ...ids, eos, ...padding.fill(pad)], weights: [1, ...weights, 1, ...padding.fill(1)] };
  }

  #ids(text: string): readonly number[] {
    return text === "" ? [] : this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}

/** What a row says, and the weight of each id. */
interface Row {
  readonly ids: number[];
  readonly weights: number[];
}

/** The id in an embedding's places: one that is neither EOS, by which pooling finds the end, nor above it. */
const PLACEHOLDER = 0;

function noVectors(embedding: string): never {
  throw new RangeError(`Cannot place the embedding "${embedding}": nothing says how long it is`);
}

/** The tokenizers of a model, one per text encoder, usable without loading any graph. */
export function loadTokenizers(config: ModelConfig): readonly PromptTokenizer[] {
  return config.textEncoders.map(({ tokenizer, config: { max_position_embeddings: length } }) =>
    PromptTokenizer.load(join(config.folder, tokenizer), length)
  );
}

function synthesize(folder: string, { bos, eos, pad, added }: SpecialTokens): Record<string, unknown> {
  const vocab = readRecord(join(folder, "vocab.json")) as Readonly<Record<string, number>>;
  const merges = readText(join(folder, "merges.txt"));
  // A folder that lists none has transformers add the special tokens themselves.
  const own = [...new Set([bos, eos, pad])].flatMap((content): AddedToken[] => {
    const id = vocab[content];
    if (id === undefined || added.some((token) => token.id === id)) return [];
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: content !== pad || pad === eos };
    return [{ id, content, ...flags, special: true }];
  });
  return synthesizeTokenizer(vocab, merges, {
    bos,
    eos,
    added: [...added, ...own].sort((a, b) => a.id - b.id),
  });
}

function readText(file: string): string {
  try {
    return readFile(file);
  } catch {
    throw new ModelFolderError(file, "the file is missing");
  }
}

function readRecord(file: string): Record<string, unknown> {
  const result = z.record(z.string(), z.unknown()).safeParse(readModelJson(file));
  if (!result.success) throw new ModelFolderError(file, "it is not an object");
  return result.data;
}

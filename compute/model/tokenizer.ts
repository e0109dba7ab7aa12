/** A model's tokenizer: prompt text -> rows of token ids, cut into chunks rather than truncated. */

import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { ModelFolderError } from "./config.ts";
import { synthesizeTokenizer } from "./clip_tokenizer.ts";

/** A prompt as the text encoder reads it. */
export interface TokenizedPrompt {
  /** [chunks][length] ids: BOS, up to length - 2 tokens, EOS, padding. At least one chunk, also for empty text. */
  readonly rows: readonly (readonly number[])[];
  /** Tokens of the text itself, without BOS, EOS and padding. */
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
    const config = readJson(join(folder, "tokenizer_config.json"));
    const file = join(folder, "tokenizer.json");
    const json = exists(file) ? readJson(file) : synthesizeTokenizer(
      readJson(join(folder, "vocab.json")),
      readText(join(folder, "merges.txt")),
      { bos: specialToken(config, "bos_token", folder), eos: specialToken(config, "eos_token", folder) },
    );
    const tokenizer = new Tokenizer(json, config);
    const id = (key: string) => {
      const token = specialToken(config, key, folder);
      const id = tokenizer.token_to_id(token);
      if (id === undefined) throw new ModelFolderError(folder, `its vocabulary lacks the ${key} "${token}"`);
      return id;
    };
    return new PromptTokenizer(tokenizer, { bos: id("bos_token"), eos: id("eos_token"), pad: id("pad_token") }, length);
  }

  /** Tokenizes a prompt; more than `length - 2` tokens make further rows. */
  tokenize(text: string): TokenizedPrompt {
    const { bos, eos, pad } = this.special;
    const body = text === "" ? [] : this.tokenizer.encode(text, { add_special_tokens: false }).ids;
    const room = this.length - 2;
    const rows: number[][] = [];
    for (let at = 0; at === 0 || at < body.length; at += room) {
      const row = [bos, ...body.slice(at, at + room), eos];
      while (row.length < this.length) row.push(pad);
      rows.push(row);
    }
    return { rows, tokens: body.length };
  }
}

function specialToken(config: Record<string, unknown>, key: string, folder: string): string {
  const token = config[key];
  if (typeof token === "string") return token;
  if (typeof token === "object" && token !== null && "content" in token && typeof token.content === "string") {
    return token.content;
  }
  throw new ModelFolderError(join(folder, "tokenizer_config.json"), `it has no "${key}"`);
}

function exists(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch {
    return false;
  }
}

function readText(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    throw new ModelFolderError(file, "the file is missing");
  }
}

// deno-lint-ignore no-explicit-any -- the tokenizer library takes its own JSON as any object
function readJson(file: string): Record<string, any> {
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof ModelFolderError) throw error;
    throw new ModelFolderError(file, "the file is not JSON");
  }
}

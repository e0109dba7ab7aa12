/** Tokenizers that are read once per state of their files: a vocabulary takes longer to read than a prompt. */

import { statSync } from "node:fs";
import { join } from "node:path";
import type { ModelConfig } from "./config.ts";
import { loadTokenizers, type PromptTokenizer } from "./tokenizer.ts";

/** Models whose tokenizers are kept. */
const REMEMBERED = 8;

/** What a tokenizer may be read from. */
const FILES = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt"];

/** Hands out the tokenizers of model folders, and reads them again when a file has changed. */
export class TokenizerCache {
  readonly #known = new Map<string, { readonly state: string; readonly tokenizers: readonly PromptTokenizer[] }>();

  /**
   * One tokenizer per text encoder; the same ones as before while their files stay as they are.
   * @throws {ModelFolderError} if a file is missing or broken.
   */
  get(config: ModelConfig): readonly PromptTokenizer[] {
    const { folder } = config;
    const state = stateOf(config);
    const known = this.#known.get(folder);
    const tokenizers = known?.state === state ? known.tokenizers : loadTokenizers(config);
    this.#known.delete(folder); // so that it becomes the most recent one
    this.#known.set(folder, { state, tokenizers });
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return tokenizers;
  }
}

/** Time and size of every file, and the row lengths, which come from the config. */
function stateOf({ folder, textEncoders }: ModelConfig): string {
  return JSON.stringify(textEncoders.map(({ tokenizer, config }) => [
    config.max_position_embeddings,
    ...FILES.map((name) => {
      const file = statSync(join(folder, tokenizer, name), { throwIfNoEntry: false });
      return file === undefined ? null : [file.mtimeMs, file.size];
    }),
  ]));
}

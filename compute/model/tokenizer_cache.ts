/** Tokenizers that are read once per state of their files: a vocabulary takes longer to read than a prompt. */

import { LRUCache } from "lru-cache";
import type { ModelConfig } from "./config.ts";
import { loadTokenizers, type PromptTokenizer } from "./tokenizer.ts";

/** Models whose tokenizers are kept. */
const REMEMBERED = 8;

/** Hands out the tokenizers of model folders, and reads them again when a file has changed. */
export class TokenizerCache {
  readonly #known = new LRUCache<string, { readonly state: string; readonly tokenizers: readonly PromptTokenizer[] }>({
    max: REMEMBERED,
  });

  /**
   * One tokenizer per text encoder; the same ones as before while their files stay as they are.
   * @param stamp Of their files.
   * @throws {ModelFolderError} if a file is missing or broken.
   */
  get(config: ModelConfig, stamp: string): readonly PromptTokenizer[] {
    const { folder, textEncoders } = config;
    const lengths = textEncoders.map(({ config: { max_position_embeddings: length } }) => length);
    const state = JSON.stringify([stamp, lengths]);
    const known = this.#known.get(folder);
    if (known?.state === state) return known.tokenizers;
    const tokenizers = loadTokenizers(config);
    this.#known.set(folder, { state, tokenizers });
    return tokenizers;
  }
}

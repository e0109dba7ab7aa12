/** Text -> token ids under the real CLIP vocabulary. */

import { PromptTokenizer } from "../../compute/model/tokenizer.ts";
import { attempt, type CaseResult } from "./case.ts";
import { maxDifference } from "./reference.ts";

/** `clip-golden.json`. */
export interface TokenizerDocument {
  readonly bos: number;
  readonly eos: number;
  /** Ids in a row. */
  readonly model_max_length: number;
  readonly cases: readonly {
    readonly text: string;
    /** BOS, the text's tokens, EOS; no padding. */
    readonly ids: readonly number[];
    /** The rows of a text that needs more than one. */
    readonly chunks?: readonly (readonly number[])[];
  }[];
}

/**
 * Compares the rows of every text.
 * @param folder Holds `vocab.json` and `merges.txt`.
 */
export async function* checkTokenizer(document: TokenizerDocument, folder: string): AsyncGenerator<CaseResult> {
  const { eos, model_max_length: length } = document;
  const tokenizer = PromptTokenizer.load(folder, length);
  for (const { text, ids, chunks } of document.cases) {
    const padded = [...ids, ...new Array<number>(Math.max(0, length - ids.length)).fill(eos)];
    const shown = text.length <= 40 ? text : `${text.slice(0, 40)}...`;
    yield await attempt(
      JSON.stringify(shown),
      0,
      () => maxDifference(tokenizer.tokenize(text).rows.flat(), chunks?.flat() ?? padded),
    );
  }
}

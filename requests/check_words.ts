/** Words that regions are to be found by, and that the base prompt does not have. */

import { findWords } from "../compute/model/find_words.ts";
import type { PromptTokenizer } from "../compute/model/tokenizer.ts";
import { stepOfCall } from "../compute/pipeline/prompt_contexts.ts";
import { quote } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";
import { parsedPrompts } from "../layout/prompts.ts";
import { promptAt } from "../layout/prompt/schedule.ts";
import { regionWords, searchedSteps } from "../layout/words.ts";
import type { Fail } from "./fail.ts";

/** What the search for words depends on beside the layout. */
export interface WordsSurroundings {
  readonly tokenizers: readonly PromptTokenizer[];
  readonly steps: number;
  /** How often the sampler calls the denoiser in all the steps. */
  readonly calls: number;
  /** The first of them that is made: later than 0 where a picture is the start. */
  readonly begin: number;
}

/** Refuses words that the base prompt, common prompt included, has in none of the steps that find them. */
export function checkWords(layout: Layout, { tokenizers, steps, calls, begin }: WordsSurroundings, fail: Fail): void {
  const sought = regionWords(layout);
  const [base] = parsedPrompts(layout).positive;
  if (sought.length === 0 || base === undefined) return;
  const { first, end } = searchedSteps(calls, begin);
  const readAt = [...new Set(Array.from({ length: end - first }, (_, i) => stepOfCall(first + i, { steps, calls })))];
  const words = sought.map(({ shape }) => shape.of);
  // Where the vectors of an embedding lie is no matter: it is no word.
  const found = readAt.map((step) => findWords(tokenizers, promptAt(base, step, steps), words, () => 1).found);
  for (const [i, { shape: { of }, path }] of sought.entries()) {
    if (found.some((at) => at[i])) continue;
    const when = base.branches.length === 0
      ? ""
      : ` as it reads in steps ${(readAt[0] ?? 0) + 1} to ${(readAt.at(-1) ?? 0) + 1}`;
    const rule = `must be whole words that stand in a row in the base prompt${when}, ${quote(base.source)}`;
    fail("WORDS_NOT_FOUND", ["layout", ...path, "of"], of, rule);
  }
}

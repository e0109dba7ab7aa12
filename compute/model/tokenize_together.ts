/** One prompt through all tokenizers of a model, in rows that stand side by side. */

import { nth } from "../../elements.ts";
import type { PromptTokenizer, TokenizedPrompt, VectorCount, WeightedText } from "./tokenizer.ts";

/** Text in parts, each of which begins a row of its own. At least one part. */
export type WeightedPrompt = readonly (readonly WeightedText[])[];

/**
 * A prompt's rows by tokenizer, equally many for each.
 * @param vectors Of the embeddings that the prompt names.
 */
export function tokenizeTogether(
  tokenizers: readonly PromptTokenizer[],
  prompt: WeightedPrompt,
  vectors?: VectorCount,
): readonly TokenizedPrompt[] {
  const parts = prompt.map((part) => tokenizePart(tokenizers, part, vectors));
  return tokenizers.map((_, i) => {
    const own = parts.map((part) => nth(part, i));
    let firstRow = 0;
    return {
      rows: own.flatMap(({ rows }) => rows),
      weights: own.flatMap(({ weights }) => weights),
      lengths: own.flatMap(({ lengths }) => lengths),
      embeddings: own.flatMap(({ embeddings, rows }) => {
        const moved = embeddings.map((placed) => ({ ...placed, row: placed.row + firstRow }));
        firstRow += rows.length;
        return moved;
      }),
      tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
    };
  });
}

/**
 * Vocabularies may split a part into unequal numbers of tokens; where that gives one encoder fewer rows, empty ones are
 * added, since states are joined token by token.
 */
function tokenizePart(
  tokenizers: readonly PromptTokenizer[],
  part: readonly WeightedText[],
  vectors?: VectorCount,
): TokenizedPrompt[] {
  const read = tokenizers.map((tokenizer) => tokenizer.tokenizeSpans(part, vectors));
  const most = Math.max(...read.map(({ rows }) => rows.length));
  return read.map((own, i) => {
    const empty = nth(tokenizers, i).tokenize(""); // a single row
    const missing = Array.from({ length: most - own.rows.length });
    return {
      rows: [...own.rows, ...missing.flatMap(() => empty.rows)],
      weights: [...own.weights, ...missing.flatMap(() => empty.weights)],
      lengths: [...own.lengths, ...missing.map(() => 0)],
      embeddings: own.embeddings,
      tokens: own.tokens,
    };
  });
}

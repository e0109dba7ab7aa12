/** One prompt through all tokenizers of a model, in rows that stand side by side. */

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
  let rows = 0;
  const firstRows = parts.map(([first]) => (rows += first?.rows.length ?? 0) - (first?.rows.length ?? 0));
  return tokenizers.map((_, i) => ({
    rows: parts.flatMap((part) => part[i]?.rows ?? []),
    weights: parts.flatMap((part) => part[i]?.weights ?? []),
    lengths: parts.flatMap((part) => part[i]?.lengths ?? []),
    embeddings: parts.flatMap((part, p) =>
      (part[i]?.embeddings ?? []).map((placed) => ({ ...placed, row: placed.row + (firstRows[p] ?? 0) }))
    ),
    tokens: parts.reduce((sum, part) => sum + (part[i]?.tokens ?? 0), 0),
  }));
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
    const { rows: [row = []] = [], weights: [weight = []] = [] } = tokenizers[i]?.tokenize("") ?? {};
    const missing = most - own.rows.length;
    return {
      rows: [...own.rows, ...new Array<readonly number[]>(missing).fill(row)],
      weights: [...own.weights, ...new Array<readonly number[]>(missing).fill(weight)],
      lengths: [...own.lengths, ...new Array<number>(missing).fill(0)],
      embeddings: own.embeddings,
      tokens: own.tokens,
    };
  });
}

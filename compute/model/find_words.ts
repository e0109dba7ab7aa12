/** Where words stand among the tokens of a prompt. */

import type { Tensor } from "../tensor.ts";
import { tokenizeTogether, type WeightedPrompt } from "./tokenize_together.ts";
import type { PromptTokenizer, VectorCount } from "./tokenizer.ts";

/** Words in a prompt. */
export interface FoundWords {
  /** [T, W]: in each word's column its tokens have equal shares of 1; all 0 where the prompt lacks the word. */
  readonly columns: Tensor;
  /** By word, whether the prompt has it. */
  readonly found: readonly boolean[];
}

/**
 * Looks words up in a prompt by their tokens, as the first text encoder reads both: whole words in any case, or several in
 * a row such as "red fox", wherever they stand. Brackets do not part them, a `BREAK` does, and an embedding is no word.
 * @param vectors Of the embeddings that the prompt names.
 */
export function findWords(
  tokenizers: readonly PromptTokenizer[],
  prompt: WeightedPrompt,
  words: readonly string[],
  vectors?: VectorCount,
): FoundWords {
  const [length = 0] = tokenizers.map((tokenizer) => tokenizer.length);
  let rows = 0;
  const parts = prompt.map((part) => {
    const text = textOf(tokenizers, part, vectors);
    const places = text.places.map((place) => rows * length + place);
    rows += text.rows;
    return { ids: text.ids, places };
  });
  const sought = words.map((word) => textOf(tokenizers, [{ text: word, weight: 1 }]).ids);
  const data = new Float32Array(rows * length * words.length);
  const found = sought.map((ids, w) => {
    const places = new Set(parts.flatMap((part) => placesOf(ids, part)));
    for (const place of places) data[place * words.length + w] = 1 / places.size;
    return places.size > 0;
  });
  return { columns: { dims: [rows * length, words.length], data }, found };
}

/** Ids of text, and where each stands in its rows. */
interface PlacedText {
  readonly ids: readonly number[];
  readonly places: readonly number[];
}

/** What one part says, without what begins, ends and fills its rows. */
function textOf(
  tokenizers: readonly PromptTokenizer[],
  part: WeightedPrompt[number],
  vectors?: VectorCount,
): PlacedText & { readonly rows: number } {
  const [read] = tokenizeTogether(tokenizers, [part], vectors);
  const [length = 0] = tokenizers.map((tokenizer) => tokenizer.length);
  const { rows = [], lengths = [], embeddings = [] } = read ?? {};
  const vectorAt = new Set(
    embeddings.flatMap(({ name, row, at }) =>
      Array.from({ length: vectors?.(name) ?? 0 }, (_, i) => row * length + at + i)
    ),
  );
  const ids: number[] = [], places: number[] = [];
  rows.forEach((row, r) => {
    for (let at = 1; at <= (lengths[r] ?? 0); at++) {
      const place = r * length + at;
      ids.push(vectorAt.has(place) ? NaN : row[at] ?? NaN); // NaN equals no token
      places.push(place);
    }
  });
  return { ids, places, rows: rows.length };
}

/** The places of every occurrence of a word's ids. */
function placesOf(word: readonly number[], { ids, places }: PlacedText): readonly number[] {
  if (word.length === 0) return [];
  return ids.flatMap((_, from) =>
    word.every((id, i) => ids[from + i] === id) ? places.slice(from, from + word.length) : []
  );
}

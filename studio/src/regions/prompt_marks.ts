/** What of a prompt is to be marked as one types: weights, schedules, embeddings, LoRAs and the signs that make them. */

import { parsePrompt } from "../../../layout/prompt/parse.ts";

/** What a stretch of a prompt is. `more` and `less`: words that weigh more or less than 1. */
export type MarkKind = "words" | "more" | "less" | "scheduled" | "embedding" | "lora" | "signs";

/** A stretch of a prompt, [start, end) in UTF-16 units. */
export interface Mark {
  readonly kind: MarkKind;
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

/** Marks that cover the whole text, in order. */
export function promptMarks(text: string, syntax: "WEIGHTED" | "PLAIN"): readonly Mark[] {
  const { pieces, loras } = parsePrompt(text, syntax);
  const known = [
    ...pieces.flatMap((piece): readonly Mark[] => {
      if (piece.kind === "BREAK") return [];
      const { start, end, weight } = piece;
      return [{ kind: kindOf(piece), start, end, weight }];
    }),
    ...loras.map(({ start, end, weight }): Mark => ({ kind: "lora", start, end, weight })),
  ].sort((a, b) => a.start - b.start);
  const marks: Mark[] = [];
  let at = 0;
  const signsUntil = (end: number) => {
    if (end > at) marks.push({ kind: "signs", start: at, end, weight: 1 });
  };
  for (const mark of known) {
    signsUntil(mark.start);
    marks.push(mark);
    at = mark.end;
  }
  signsUntil(text.length);
  return marks;
}

/** What may not mean what its author thinks, in sentences. */
export function promptWarnings(text: string, syntax: "WEIGHTED" | "PLAIN"): readonly string[] {
  return [...new Set(parsePrompt(text, syntax).warnings.map(({ message }) => message))];
}

/** About how many tokens a text has, for as long as the server has not counted them: words, digits and signs. */
export function roughTokens(text: string): number {
  return text.match(/[\p{L}\p{M}']+|\p{N}|[^\s\p{L}\p{N}]+/gu)?.length ?? 0;
}

function kindOf(
  { weight, branch, embedding }: { weight: number; branch: number | null; embedding?: string },
): MarkKind {
  if (embedding !== undefined) return "embedding";
  if (branch !== null) return "scheduled";
  if (weight === 1) return "words";
  return weight > 1 ? "more" : "less";
}

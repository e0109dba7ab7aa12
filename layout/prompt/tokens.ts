/** A prompt cut into text, `BREAK`s and the characters that have a meaning. */

/** A character with a meaning. */
export type Mark = "(" | ")" | "[" | "]" | ":" | "|";

/** A piece of the source, [start, end) in UTF-16 units. */
export interface Token {
  readonly kind: "TEXT" | "BREAK" | Mark;
  /** What it says where it is read as text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** An escaped character, a mark, a run of anything else, or a backslash that escapes nothing. */
const TOKEN = /\\([()[\]\\:|])|([()[\]:|])|[^\\()[\]:|]+|\\/g;

/** Upper case and a whole word: neither `break` nor the end of `OUTBREAK`. */
const BREAK = /(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/gu;

/** Cuts a prompt into tokens. They cover the source but for the white space around each `BREAK`. */
export function tokenizeSyntax(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const [all, escaped, mark] = match;
    const start = match.index, end = start + all.length;
    if (mark !== undefined) tokens.push({ kind: mark as Mark, text: mark, start, end }); // one of the six, by TOKEN
    else if (escaped !== undefined) tokens.push({ kind: "TEXT", text: escaped, start, end });
    else cutAtBreaks(all, start, tokens);
  }
  return tokens;
}

function cutAtBreaks(run: string, offset: number, tokens: Token[]): void {
  let from = 0;
  const text = (to: number, beforeBreak: boolean) => {
    let first = from, end = to;
    if (beforeBreak) end = from + run.slice(from, to).trimEnd().length;
    if (from > 0) first = end - run.slice(from, end).trimStart().length;
    if (first < end) {
      tokens.push({ kind: "TEXT", text: run.slice(first, end), start: offset + first, end: offset + end });
    }
  };
  for (const { index } of run.matchAll(BREAK)) {
    text(index, true);
    from = index + "BREAK".length;
    tokens.push({ kind: "BREAK", text: "BREAK", start: offset + index, end: offset + from });
  }
  text(run.length, false);
}

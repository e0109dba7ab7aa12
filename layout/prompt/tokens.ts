/** A prompt cut into text, embeddings, LoRAs, `BREAK`s and the characters that have a meaning. */

/** A character with a meaning. */
export type Mark = "(" | ")" | "[" | "]" | ":" | "|";

/** A piece of the source, [start, end) in UTF-16 units. */
export interface Token {
  readonly kind: "TEXT" | "EMBEDDING" | "LORA" | "BREAK" | Mark;
  /** What it says where it is read as text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a backslash takes as it stands. */
const ESCAPABLE = "()[]\\:|";

/** Upper case and a whole word: neither `break` nor the end of `OUTBREAK`. */
const BREAK = /(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/gu;

/** As ComfyUI writes it (comfyui docs, "Textual inversion embeddings"); a full stop or comma behind is the sentence's. */
const EMBEDDING = /(?<![\p{L}\p{N}_\\])embedding:[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*/gu;

/** As AUTOMATIC1111's stable-diffusion-webui writes it (wiki, "Features", "Extra networks"); a weight of 1 may be left out. */
const LORA = /<lora:(?<name>[^<>:\n]{1,200})(?::(?<weight>[+-]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})))?>/u;

/** What stands for something else than its words. */
const NAMED = new RegExp(`${LORA.source}|${EMBEDDING.source}`, "gu");

/** The kinds of files that tools keep embeddings in; `embedding:calm.pt` is the one called calm. */
const EXTENSION = /\.(?:safetensors|pt|bin)$/;

/** The name in a token of the kind EMBEDDING. */
export function embeddingName({ text }: Token): string {
  return text.slice("embedding:".length).replace(EXTENSION, "");
}

/** The LoRA in a token of the kind LORA. */
export function loraOf({ text }: Token): { readonly name: string; readonly weight: number } {
  const { name = "", weight = "1" } = LORA.exec(text)?.groups ?? {};
  return { name: name.trim(), weight: Number(weight) };
}

/** Cuts a prompt into tokens. They cover the source but for the white space around each `BREAK`. */
export function tokenizeSyntax(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  const named = source.includes("embedding:") || source.includes("<lora:");
  for (const { 0: text, index: start } of named ? source.matchAll(NAMED) : []) {
    tokenizeMarks(source, from, start, tokens);
    from = start + text.length;
    tokens.push({ kind: text.startsWith("<") ? "LORA" : "EMBEDDING", text, start, end: from });
  }
  tokenizeMarks(source, from, source.length, tokens);
  return tokens;
}

/** Cuts the characters [from, to): an escaped character, a mark, a run of anything else, a backslash that escapes nothing. */
function tokenizeMarks(source: string, from: number, to: number, tokens: Token[]): void {
  for (let start = from; start < to;) {
    const character = source[start] ?? "";
    let end = start + 1;
    if (character === "\\") {
      const next = end < to ? source[end] ?? "" : "";
      const escapes = next !== "" && ESCAPABLE.includes(next);
      if (escapes) end++;
      tokens.push({ kind: "TEXT", text: escapes ? next : character, start, end });
    } else if (isMark(character)) tokens.push({ kind: character, text: character, start, end });
    else {
      while (end < to && source[end] !== "\\" && !isMark(source[end] ?? "")) end++;
      cutAtBreaks(source.slice(start, end), start, tokens);
    }
    start = end;
  }
}

function isMark(character: string): character is Mark {
  switch (character) {
    case "(":
    case ")":
    case "[":
    case "]":
    case ":":
    case "|":
      return true;
    default:
      return false;
  }
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
  for (const { index } of run.includes("BREAK") ? run.matchAll(BREAK) : []) {
    text(index, true);
    from = index + "BREAK".length;
    tokens.push({ kind: "BREAK", text: "BREAK", start: offset + index, end: offset + from });
  }
  text(run.length, false);
}

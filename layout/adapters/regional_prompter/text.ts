/** Regional Prompter's keywords: what of a prompt is common, what is the base, and what is a region's. */

import type { Source } from "../adapted.ts";
import { withLoras } from "../web_ui_loras.ts";

export type KeywordKind = "BREAK" | "ADDCOMM" | "ADDBASE" | "ADDCOL" | "ADDROW";

/** A keyword and the characters [offset, end) it stands on. */
export interface Keyword {
  readonly kind: KeywordKind;
  readonly offset: number;
  readonly end: number;
}

/** A prompt between keywords, trimmed, and the place of its first character. */
export interface Segment {
  readonly text: string;
  readonly offset: number;
}

/** A prompt in its parts; `keywords[i]` stands between `segments[i]` and `segments[i + 1]`. */
export interface PromptParts {
  readonly source: Source;
  /** Null: there is none. */
  readonly common: string | null;
  readonly base: string | null;
  /** One per region, where BREAK separates regions. */
  readonly segments: readonly Segment[];
  readonly keywords: readonly Keyword[];
}

/** Whole words only: "GRAND" holds no AND, "BREAKFAST" no BREAK. */
const KEYWORD = /(?<![\p{L}\p{N}_])(?:BREAK|AND|ADDCOMM|ADDBASE|ADDCOL|ADDROW|ADDP)(?![\p{L}\p{N}_])/gu;

/**
 * A prompt in its parts; PLAIN without any keyword; undefined where it has problems, which are then noted.
 *
 * The order is common, base, regions. BREAK stands for ADDCOMM and ADDBASE where the settings ask for a common prompt or a
 * base and the text has not got the keyword.
 */
export function readParts(
  source: Source,
  { useCommon, useBase }: { readonly useCommon: boolean; readonly useBase: boolean },
): PromptParts | "PLAIN" | undefined {
  const before = source.findings.problems.length;
  const keywords = findKeywords(source);
  if (source.findings.problems.length > before) return undefined;
  if (keywords.length === 0) return "PLAIN";
  const segments = splitAt(source, keywords);
  let taken = 0;
  const take = (kind: "ADDCOMM" | "ADDBASE", used: boolean): string | null => {
    const written = keywords.filter((keyword) => keyword.kind === kind);
    const [, second] = written;
    if (second !== undefined) source.problem("INVALID_VALUE", `must have ${kind} once: again`, second.offset, kind);
    const [first] = written;
    if (first === undefined && !used) return null;
    const at = keywords[taken];
    if (at !== undefined && at.kind === (first === undefined ? "BREAK" : kind)) return segments[taken++]?.text ?? null;
    const place = first === undefined ? at?.offset ?? source.text.length : first.offset;
    const value = first === undefined ? at?.kind ?? "the end" : kind;
    const asked = kind === "ADDCOMM" ? "a common prompt" : "a base prompt";
    const order = kind === "ADDCOMM" ? "first" : "before the first region";
    source.problem("INVALID_VALUE", `must have ${asked} ${order}, closed by ${kind} or BREAK: it is not`, place, value);
    return null;
  };
  const common = take("ADDCOMM", useCommon);
  const base = take("ADDBASE", useBase);
  if (source.findings.problems.length > before) return undefined;
  return { source, common, base, segments: segments.slice(taken), keywords: keywords.slice(taken) };
}

/** The keywords in their order; AND and ADDP are BREAK. */
export function findKeywords(source: Source): readonly Keyword[] {
  const found: Keyword[] = [];
  for (const match of source.text.matchAll(KEYWORD)) {
    const { index: offset, 0: word } = match;
    if (word === "AND") source.warn("AND_AS_BREAK", "AND was read as BREAK", offset);
    found.push({
      kind: word === "AND" || word === "ADDP" ? "BREAK" : word as KeywordKind,
      offset,
      end: offset + word.length,
    });
  }
  return found;
}

/** Whether a text asks by itself for regions that are found by words. */
export function asksForWords(text: string): boolean {
  return text.matchAll(KEYWORD).some(([word]) => word === "ADDP");
}

/** The texts between keywords, one more than those. */
export function splitAt(
  source: Source,
  keywords: readonly Keyword[],
  { negative = false }: { readonly negative?: boolean } = {},
): readonly Segment[] {
  const starts = [0, ...keywords.map(({ end }) => end)];
  return starts.map((start, i) => readSegment(source, start, keywords[i]?.offset ?? source.text.length, negative));
}

/** The text of a prompt that is not split. */
export function plainPrompt(source: Source, { negative = false }: { readonly negative?: boolean } = {}): string {
  return readSegment(source, 0, source.text.length, negative).text;
}

function readSegment(source: Source, start: number, end: number, negative: boolean): Segment {
  const raw = source.text.slice(start, end);
  const text = withLoras(raw, source, start, negative);
  const offset = start + raw.length - raw.trimStart().length;
  if (!balanced(text)) {
    const message = "a bracket is open where a keyword ends the prompt, so its weight does not reach the next prompt";
    if (start > 0 || end < source.text.length) source.warn("UNBALANCED_BRACKETS", message, offset);
  }
  return { text: text.trim(), offset };
}

function balanced(text: string): boolean {
  let round = 0, square = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "\\") i++;
    else if (c === "(") round++;
    else if (c === ")") round--;
    else if (c === "[") square++;
    else if (c === "]") square--;
  }
  return round === 0 && square === 0;
}

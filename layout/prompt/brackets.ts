/** Which brackets of a prompt belong together, and what each pair means. */

import type { BranchCondition, PromptWarning, PromptWarningCode, SwitchPoint } from "./prompt.ts";
import type { Token } from "./tokens.ts";

/** Tokens [first, end) inside of a pair of brackets, and when they count; null: always. */
export interface Segment {
  readonly first: number;
  readonly end: number;
  readonly condition: BranchCondition | null;
}

/** A pair of brackets. Tokens that are in no segment are syntax. */
export interface Group {
  /** The closing bracket's token. */
  readonly close: number;
  /** What the weights inside are multiplied by. */
  readonly factor: number;
  readonly segments: readonly Segment[];
}

/** Every pair of brackets by its opening token; brackets without a partner are text. */
export interface Brackets {
  readonly groups: ReadonlyMap<number, Group>;
  readonly warnings: readonly PromptWarning[];
}

/** `(x)` is worth this much, `[x]` its inverse (AUTOMATIC1111's stable-diffusion-webui, wiki, "Attention/emphasis"). */
const EMPHASIS = 1.1;

const WEIGHT = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*$/;
const WHEN = /^\s*(\d+\.?\d*|\.\d+)\s*$/;

/** Only digits and what people put between and around them. */
const NUMERIC = /^[\s\d.,+eE-]*\d[\s\d.,+eE-]*$/;

/** Messages of brackets without a partner: a prompt may have a hundred thousand of them. */
const WITHOUT_PARTNER = {
  "(": unbalanced("("),
  ")": unbalanced(")"),
  "[": unbalanced("["),
  "]": unbalanced("]"),
} as const;

function unbalanced(bracket: string): string {
  return `"${bracket}" has no partner and is read as text; write \\${bracket} to mean that`;
}

/** Pairs brackets and reads each pair, in time linear in the number of tokens. */
export function readBrackets(tokens: readonly Token[]): Brackets {
  const partners = matchBrackets(tokens);
  const warnings: PromptWarning[] = [];
  const warn = (code: PromptWarningCode, at: number, message: string) => {
    warnings.push({ code, message, position: tokens[at]?.start ?? 0 });
  };
  const groups = new Map<number, Group>();
  const open: { readonly at: number; readonly separators: number[] }[] = [];
  tokens.forEach(({ kind }, i) => {
    if (kind === ":" || kind === "|") open.at(-1)?.separators.push(i);
    if (kind !== "(" && kind !== "[" && kind !== ")" && kind !== "]") return;
    const partner = partners[i] ?? NONE;
    if (partner === NONE) {
      warn("UNBALANCED_BRACKET", i, WITHOUT_PARTNER[kind]);
    } else if (partner > i) open.push({ at: i, separators: [] });
    else {
      const { at, separators } = open.pop() ?? { at: partner, separators: [] };
      if (at + 1 === i) warn("EMPTY_BRACKETS", at, "Brackets with nothing inside add nothing");
      const pair = { tokens, at, close: i, separators, warn };
      groups.set(at, kind === ")" ? readRound(pair) : readSquare(pair));
    }
  });
  return { groups, warnings: warnings.sort((a, b) => a.position - b.position) };
}

/** The partner of a token that has none. */
const NONE = -1;

/**
 * Partners by token, in both directions. A closing bracket takes the nearest open one of its kind; what was opened in
 * between stays without a partner, as in `[a (b] c`.
 */
function matchBrackets(tokens: readonly Token[]): Int32Array {
  const partners = new Int32Array(tokens.length).fill(NONE);
  const open: number[] = [];
  const waiting = { "(": 0, "[": 0 };
  tokens.forEach(({ kind }, i) => {
    if (kind === "(" || kind === "[") {
      open.push(i);
      waiting[kind]++;
    }
    if (kind !== ")" && kind !== "]") return;
    const wanted = kind === ")" ? "(" : "[";
    while (waiting[wanted] > 0) {
      const last = open.pop();
      const opened = last === undefined ? undefined : tokens[last]?.kind;
      if (last === undefined || (opened !== "(" && opened !== "[")) return;
      waiting[opened]--;
      if (opened !== wanted) continue;
      partners[last] = i;
      partners[i] = last;
      return;
    }
  });
  return partners;
}

/** A matched pair with the separators that stand directly inside of it. */
interface Pair {
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly close: number;
  readonly separators: readonly number[];
  readonly warn: (code: PromptWarningCode, at: number, message: string) => void;
}

/** `(x:1.3)` or `(x)`. */
function readRound({ tokens, at, close, separators, warn }: Pair): Group {
  const written = lastField(tokens, separators, close);
  const number = WEIGHT.exec(written?.text ?? "")?.[1];
  const whole = { first: at + 1, end: close, condition: null };
  if (written === null || number === undefined) {
    if (NUMERIC.test(written?.text ?? "")) {
      const read = `the brackets count as ${EMPHASIS} and ":${written?.text}" as text`;
      warn("MALFORMED_NUMBER", close - 1, `"${written?.text.trim()}" is not a weight: ${read}`);
    }
    return { close, factor: EMPHASIS, segments: [whole] };
  }
  return { close, factor: Number(number), segments: [{ ...whole, end: written.colon }] };
}

/** `[a|b]`, `[a:b:0.4]`, `[b:0.4]`, `[a::0.4]` or `[x]`. */
function readSquare({ tokens, at, close, separators, warn }: Pair): Group {
  const bars = separators.filter((i) => tokens[i]?.kind === "|");
  const colons = separators.length - bars.length;
  const written = lastField(tokens, separators, close);
  const when = readWhen(written?.text ?? "");
  if (bars.length > 0) {
    if (colons > 0) warn("MIXED_SEPARATORS", at, 'Where brackets hold "|", ":" directly inside of them is text');
    const ends = [...bars, close];
    const segments = ends.map((end, turn): Segment => ({
      first: turn === 0 ? at + 1 : (ends[turn - 1] ?? at) + 1,
      end,
      condition: { kind: "TURN", turn, of: ends.length },
    }));
    return { close, factor: 1, segments };
  }
  if (written !== null && when !== null && colons <= 2) {
    const [middle = 0] = separators;
    const position = tokens[at]?.start ?? 0;
    const from: Segment = { first: at + 1, end: written.colon, condition: { kind: "FROM", when, position } };
    if (colons === 1) return { close, factor: 1, segments: [from] };
    const before: Segment = { first: at + 1, end: middle, condition: { kind: "BEFORE", when, position } };
    return { close, factor: 1, segments: [before, { ...from, first: middle + 1 }] };
  }
  if (colons > 0) {
    const form = colons > 2 ? "a schedule has at most two colons" : "a schedule ends in a number, as in [a:b:0.5]";
    warn("SCHEDULE_WITHOUT_TIME", at, `The brackets count as less weight and their colons as text: ${form}`);
  }
  return { close, factor: 1 / EMPHASIS, segments: [{ first: at + 1, end: close, condition: null }] };
}

/** The text between the last separator, if that is a colon, and the closing bracket, if it is one piece of text. */
function lastField(
  tokens: readonly Token[],
  separators: readonly number[],
  close: number,
): { readonly colon: number; readonly text: string } | null {
  const colon = separators.at(-1);
  const token = tokens[close - 1];
  if (colon === undefined || colon !== close - 2 || tokens[colon]?.kind !== ":" || token?.kind !== "TEXT") return null;
  return { colon, text: token.text };
}

/** Below 1, or with a point, a fraction of the steps; else a number of steps. */
function readWhen(text: string): SwitchPoint | null {
  const number = WHEN.exec(text)?.[1];
  if (number === undefined) return null;
  const value = Number(number);
  if (value < 1 || number.includes(".")) return { unit: "FRACTION", fraction: value };
  return { unit: "STEP", step: value };
}

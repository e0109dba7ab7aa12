/** Regional Prompter's lists of numbers, and how they are fitted to the cells that the prompts ask for. */

import type { Source } from "../adapted.ts";

/** A number as it was written, and where. */
export interface Ratio {
  readonly text: string;
  readonly value: number;
  readonly offset: number;
}

/** Numbers in the order they were written, with the separator behind each; none behind the last. */
export interface RatioList {
  readonly numbers: readonly Ratio[];
  readonly separators: readonly string[];
}

/** Which numbers are allowed. */
export interface RatioRule {
  readonly rule: string;
  /** What is wrong with the value, if anything. */
  readonly fault: (value: number) => string | undefined;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads numbers between `,` and `;`. Undefined where one breaks the rule; the first that does is noted.
 * @param flip Whether the two separators are swapped.
 */
export function readRatioList(source: Source, { rule, fault }: RatioRule, flip = false): RatioList | undefined {
  const numbers: Ratio[] = [];
  const separators: string[] = [];
  const fail = (reason: string, offset: number) => {
    source.problem("INVALID_RATIO", `${rule}: ${reason}`, offset, source.text);
    return undefined;
  };
  let start = 0;
  // Capturing the separators keeps them in the list: number, separator, number, ...
  for (const [i, token] of source.text.split(/([,;])/).entries()) {
    if (i % 2 === 1) {
      separators.push(flip ? (token === "," ? ";" : ",") : token);
    } else {
      const text = token.trim();
      const offset = start + Math.max(0, token.indexOf(text));
      if (text === "") return fail("empty number", start);
      if (!NUMBER.test(text)) return fail("not a number", offset);
      const value = Number(text);
      const reason = Number.isFinite(value) ? fault(value) : "number that is not finite";
      if (reason !== undefined) return fail(reason, offset);
      numbers.push({ text, value, offset });
    }
    start += token.length;
  }
  return { numbers, separators };
}

/** The numbers in groups: `separator` ends one. */
export function groupsOf({ numbers, separators }: RatioList, separator: string): readonly (readonly Ratio[])[] {
  const groups: Ratio[][] = [];
  let group: Ratio[] = [];
  numbers.forEach((number, i) => {
    group.push(number);
    if (separators[i] === separator || i === numbers.length - 1) {
      groups.push(group);
      group = [];
    }
  });
  return groups;
}

/** Numbers fitted to cells: one per cell and, where groups have sizes, one per group. */
export interface FittedRatios {
  readonly sizes: readonly Ratio[];
  readonly cells: readonly (readonly Ratio[])[];
  /** The first number that has no cell. */
  readonly dropped: Ratio | undefined;
  /** The first number that was used again for lack of others. */
  readonly repeated: Ratio | undefined;
  /** The first number that its group had too many, and that went on to the next group. */
  readonly continued: Ratio | undefined;
}

/**
 * Gives every cell a number, group by group. A group's last number is repeated for the cells it lacks; what it has too many
 * begins the next group; what is left over in the end is dropped; and groups without numbers repeat the last of all.
 *
 * @param wanted Cells in each group.
 * @param sized Whether each group begins with its own size. A number that stands alone is both size and cell.
 */
export function fitRatios(
  groups: readonly (readonly Ratio[])[],
  wanted: readonly number[],
  sized: boolean,
): FittedRatios {
  const sizes: Ratio[] = [];
  const cells: Ratio[][] = [];
  let dropped: Ratio | undefined, repeated: Ratio | undefined, continued: Ratio | undefined;
  const last = groups.at(-1)?.at(-1);
  const fill = (list: Ratio[], count: number, value: Ratio | undefined) => {
    if (list.length >= count || value === undefined) return list;
    repeated ??= value;
    while (list.length < count) list.push(value);
    return list;
  };
  for (const group of groups) {
    for (let at = 0; at < group.length;) {
      const count = wanted[cells.length];
      if (count === undefined) {
        dropped ??= group[at];
        break;
      }
      if (at > 0) continued ??= group[at];
      if (sized) {
        const size = group[at];
        if (size !== undefined) sizes.push(size);
        if (at + 1 < group.length) at++;
      }
      cells.push(fill(group.slice(at, at + count), count, group.at(-1)));
      at += count;
    }
  }
  while (cells.length < wanted.length) cells.push(fill([], wanted[cells.length] ?? 0, last));
  if (sized) fill(sizes, wanted.length, sizes.at(-1));
  return { sizes, cells, dropped, repeated, continued };
}

/** Warns of what was done to fit the numbers; `result` is what came out, for the messages. */
export function warnOfFit(source: Source, { dropped, repeated, continued }: FittedRatios, result: string): void {
  if (continued !== undefined) {
    const message = `a row has more numbers than cells, so it goes on as the next row from here: ${result}`;
    source.warn("RATIO_CONTINUED", message, continued.offset);
  }
  if (repeated !== undefined) {
    const message = `there are fewer numbers than cells, so ${repeated.text} was repeated: ${result}`;
    source.warn("RATIO_REPEATED", message, repeated.offset);
  }
  if (dropped !== undefined) {
    const message = `there are more numbers than cells, so those from here on were dropped: ${result}`;
    source.warn("RATIO_DROPPED", message, dropped.offset);
  }
}

/**
 * The ratio syntax of grids: `1,2,1` or `1,2,1,1;2,4,6`.
 *
 * COLUMNS: `,` separates cells from left to right and `;` separates rows. Without `;` the numbers are the cells'
 * widths. With it, the first number of a row is the row's height and the others its cells' widths; a row of one number
 * is one cell of that height. ROWS is the transposed: `;` separates cells from top to bottom and `,` separates columns,
 * except that a text without `;` is one column of cells, so `1,1,1` is three rows.
 */

import { nth } from "../../elements.ts";
import { type FieldPath, InvalidInputError } from "../../errors.ts";
import type { Rectangle } from "../fractions.ts";
import type { GridDirection } from "../grid.ts";

/** A cell in fractions of the canvas; `right` and `bottom` equal the next cell's `x` and `y` bit for bit. */
export interface Cell extends Rectangle {
  readonly right: number;
  readonly bottom: number;
}

/**
 * The cells that a ratio text cuts the canvas into, in the order the ratios are written: COLUMNS row by row, ROWS
 * column by column. They cover the canvas exactly and do not overlap.
 *
 * @throws {InvalidInputError} INVALID_RATIO, naming the reason and the position in the text, counted from 0.
 */
export function parseRatios(
  text: string,
  direction: GridDirection,
  path: FieldPath = ["layout", "grid", "ratios"],
): readonly Cell[] {
  const fail = (reason: string, position: number): never => {
    throw new InvalidInputError(
      "INVALID_RATIO",
      path,
      text,
      `must be positive numbers separated by "," and ";": ${reason} at position ${position}`,
    );
  };
  if (text.trim() === "") fail("no numbers", 0);
  const groups = readGroups(text, direction, fail);
  const rows = groups.length === 1;
  const outer = edges(rows ? [{ value: 1, position: 0 }] : groups.map(([first]) => first), fail);
  const cells: Cell[] = [];
  groups.forEach((group, g) => {
    const [first, ...rest] = group;
    const inner = edges(rows ? group : rest.length === 0 ? [first] : rest, fail);
    for (let i = 0; i + 1 < inner.length; i++) {
      const along: Span = [nth(inner, i), nth(inner, i + 1)];
      const across: Span = [nth(outer, g), nth(outer, g + 1)];
      cells.push(direction === "COLUMNS" ? cell(along, across) : cell(across, along));
    }
  });
  return cells;
}

type Span = readonly [from: number, to: number];
type Fail = (reason: string, position: number) => never;

/** A number and where in the text it stands. */
interface Ratio {
  readonly value: number;
  readonly position: number;
}

type Group = readonly [Ratio, ...Ratio[]];

function readGroups(text: string, direction: GridDirection, fail: Fail): readonly Group[] {
  const single = !text.includes(";");
  const outer = direction === "COLUMNS" || single ? ";" : ",";
  const inner = direction === "COLUMNS" || single ? "," : ";";
  let position = 0;
  return text.split(outer).map((part) => {
    const numbers = part.split(inner).map((token) => {
      const ratio = readRatio(token, position, fail);
      position += token.length + 1;
      return ratio;
    });
    const [first, ...rest] = numbers;
    return first === undefined ? fail("empty number", position) : [first, ...rest] as const;
  });
}

function readRatio(token: string, start: number, fail: Fail): Ratio {
  const trimmed = token.trim();
  if (trimmed === "") return fail("empty number", start);
  const position = start + token.indexOf(trimmed);
  if (/^[+-]?(nan|inf(inity)?)$/i.test(trimmed)) return fail("number that is not finite", position);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return fail("not a number", position);
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return fail("number that is not finite", position);
  if (value < 0) return fail("negative number", position);
  if (value === 0) return fail("zero", position);
  return { value, position };
}

/** 0, the cumulated shares, 1. The last edge is sum / sum, so no drift is left at the canvas's border. */
function edges(ratios: readonly Ratio[], fail: Fail): readonly number[] {
  const sums = [0];
  let sum = 0;
  for (const { value, position } of ratios) {
    sum += value;
    if (sum === Infinity) return fail("sum that is not finite", position);
    sums.push(sum);
  }
  const shares = sums.map((s) => s / sum);
  for (const [i, { position }] of ratios.entries()) {
    if (shares[i] === shares[i + 1]) return fail("number too small beside the others", position);
  }
  return shares;
}

function cell([x, right]: Span, [y, bottom]: Span): Cell {
  return { x, y, width: right - x, height: bottom - y, right, bottom };
}

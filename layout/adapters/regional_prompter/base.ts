/** Regional Prompter's base ratios: how much of each region is left to the base prompt. */

import type { Source } from "../adapted.ts";
import type { DivideMode } from "./input.ts";
import { fitRatios, groupsOf, type Ratio, readRatioList, warnOfFit } from "./numbers.ts";

/** That tool's setting where nobody changed it. */
const DEFAULT_BASE_RATIO = 0.2;

/** There, what is no number becomes 0. */
const SHARE = {
  rule: 'must be numbers from 0 to 1 separated by "," and ";"',
  fault: (value: number) => value < 0 ? "negative number" : value > 1 ? "number greater than 1" : undefined,
};

/**
 * Each region's share of the base, in the order of the regions. One number is everybody's. Lists follow the rows, or
 * columns, like ratios, but without their sizes. A list without `;` for cells that lie in one line goes along that line.
 *
 * @param groups Cells in each row, or column.
 */
export function readBaseRatios(
  source: Source,
  mode: DivideMode,
  groups: readonly number[],
  regions: number,
): readonly number[] {
  if (source.text.trim() === "") return new Array<number>(regions).fill(DEFAULT_BASE_RATIO);
  const list = readRatioList(source, SHARE);
  if (list === undefined) return [];
  const [first] = list.numbers;
  if (first !== undefined && list.numbers.length === 1) return new Array<number>(regions).fill(first.value);
  const line = mode === "RANDOM" || groups.length === 1 || groups.every((cells) => cells === 1);
  const along = line && !list.separators.includes(";");
  const numbers = along ? [padded(list.numbers, mode, regions)] : groupsOf(list, mode === "ROWS" ? "," : ";");
  const fitted = fitRatios(numbers, line && along ? [regions] : groups, false);
  const shares = fitted.cells.flat();
  warnOfFit(source, fitted, shares.map(({ text }) => text).join(", "));
  return shares.map(({ value }) => value);
}

/** RANDOM repeats the first number, not the last. */
function padded(numbers: readonly Ratio[], mode: DivideMode, regions: number): readonly Ratio[] {
  const [first] = numbers;
  if (mode !== "RANDOM" || first === undefined || numbers.length >= regions) return numbers;
  return [...numbers, ...new Array<Ratio>(regions - numbers.length).fill(first)];
}

/** Regional Prompter's Columns and Rows: from keywords and ratios to a grid with one prompt per cell. */

import { InvalidInputError } from "../../../errors.ts";
import type { GridDirection } from "../../layout.ts";
import { parseRatios } from "../../masks/ratios.ts";
import type { Source } from "../adapted.ts";
import { type Division, regionName } from "./division.ts";
import {
  fitRatios,
  type FittedRatios,
  groupsOf,
  type Ratio,
  type RatioList,
  readRatioList,
  warnOfFit,
} from "./numbers.ts";
import { type Keyword, type PromptParts, type Segment } from "./text.ts";

type Cut = "ADDCOL" | "ADDROW";

/** Which keyword and which separator cuts the canvas first, and which cuts the pieces. */
interface Axes {
  readonly outer: Cut;
  readonly inner: Cut;
  readonly outerSeparator: string;
}

const AXES: Readonly<Record<GridDirection, Axes>> = {
  COLUMNS: { outer: "ADDROW", inner: "ADDCOL", outerSeparator: ";" },
  ROWS: { outer: "ADDCOL", inner: "ADDROW", outerSeparator: "," },
};

/** Zero and negative ratios have no cell; there, `0,0` divides by zero. */
const POSITIVE = {
  rule: 'must be positive numbers separated by "," and ";"',
  fault: (value: number) => value < 0 ? "negative number" : value === 0 ? "zero" : undefined,
};

/** Without ratios all cells are equal. */
const EQUAL: Ratio = { text: "1", value: 1, offset: 0 };

/**
 * The grid and its prompts. ADDCOL and ADDROW say how many cells there are, and the ratios are fitted to them. Every
 * BREAK becomes the keyword that the ratios have at its place; a text of BREAKs only has at most the ratios' cells.
 *
 * @param parts Undefined where the prompt is broken: then only the ratios are checked.
 */
export function readMatrix(
  parts: PromptParts | undefined,
  ratios: Source,
  direction: GridDirection,
  flip: boolean,
): Division | undefined {
  const given = ratios.text.trim() !== "";
  const list = given ? readRatioList(ratios, POSITIVE, flip) : { numbers: [EQUAL], separators: [] };
  if (list === undefined || parts === undefined) return undefined;
  const axes = AXES[direction];
  const template = given ? templateOf(list, axes) : undefined;
  const converted = convertBreaks(parts, template, axes);
  if (converted === undefined) return undefined;
  const { cuts, segments } = converted;
  if (cuts.length === 0 && template !== undefined && template.length > 0) {
    const rule = `must have a prompt for each of the ${
      template.length + 1
    } cells that the ratios make: the only one is`;
    parts.source.problem("INVALID_VALUE", rule, segments[0]?.offset ?? 0);
    return undefined;
  }

  const groups = cellsPerGroup(cuts, axes);
  const { sizes, cells } = fit(list, groups, { cuts, axes, given, source: ratios });
  const grid = gridOf(sizes, cells, direction);
  try {
    parseRatios(grid.ratios, grid.direction, ratios.path);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    ratios.findings.problems.push(error);
    return undefined;
  }
  const places = segments.map(({ text }, i) => ({ name: regionName(i), prompt: text, geometry: undefined }));
  return { places, groups, grid };
}

/** The keywords between the cells that the ratios make by themselves. */
function templateOf(list: RatioList, { inner, outer, outerSeparator }: Axes): readonly Cut[] {
  if (!list.separators.includes(";")) return list.separators.map(() => inner);
  return groupsOf(list, outerSeparator).flatMap((group, g): Cut[] => {
    const between = new Array<Cut>(Math.max(0, group.length - 2)).fill(inner);
    return g === 0 ? between : [outer, ...between];
  });
}

interface ConvertedPrompt {
  readonly cuts: readonly Cut[];
  readonly segments: readonly Segment[];
}

/** Every BREAK in its turn becomes the template's keyword; without a template, the inner one. */
function convertBreaks(
  { source, keywords, segments }: PromptParts,
  template: readonly Cut[] | undefined,
  { inner }: Axes,
): ConvertedPrompt | undefined {
  const mixed = keywords.some(({ kind }) => kind !== "BREAK");
  const cuts: Cut[] = [];
  const merged: { texts: string[]; offset: number }[] = [];
  const begin = ({ text, offset }: Segment) => merged.push({ texts: [text], offset });
  if (segments[0] !== undefined) begin(segments[0]);
  let breaks = 0;
  for (const [i, { kind, offset }] of keywords.entries()) {
    const next = segments[i + 1];
    if (next === undefined) break;
    const cut = isCut(kind) ? kind : template === undefined ? inner : template[breaks];
    if (!isCut(kind)) breaks++;
    if (cut !== undefined) {
      if (mixed && !isCut(kind)) {
        source.warn("BREAK_CONVERTED", `BREAK was read as ${cut}, as the ratios have it`, offset);
      }
      cuts.push(cut);
      begin(next);
    } else if (mixed) {
      source.warn("BREAK_KEPT", "BREAK stays in the prompt of its cell: the ratios have no more cells", offset);
      merged.at(-1)?.texts.push(next.text);
    } else {
      const cells = cuts.length + 1;
      const rule = `must have at most as many prompts as the ratios have cells, ${cells}: one too many`;
      source.problem("INVALID_VALUE", rule, next.offset, segments.length);
      return undefined;
    }
  }
  return { cuts, segments: merged.map(({ texts, offset }) => ({ text: texts.join(" BREAK "), offset })) };
}

function isCut(kind: Keyword["kind"]): kind is Cut {
  return kind === "ADDCOL" || kind === "ADDROW";
}

function cellsPerGroup(cuts: readonly Cut[], { outer }: Axes): readonly number[] {
  const groups = [1];
  for (const cut of cuts) {
    if (cut === outer) groups.push(1);
    else groups[groups.length - 1] = (groups.at(-1) ?? 0) + 1;
  }
  return groups;
}

interface FitContext {
  readonly cuts: readonly Cut[];
  readonly axes: Axes;
  /** Whether there are ratios; equal cells are nothing to warn of. */
  readonly given: boolean;
  readonly source: Source;
}

/**
 * With one kind of keyword and no `;`, the numbers go along the cells, whatever the direction. Else each group of them begins
 * with the size of its row, or column.
 */
function fit(
  list: RatioList,
  groups: readonly number[],
  { cuts, axes, given, source }: FitContext,
): Pick<FittedRatios, "sizes" | "cells"> {
  const oneKind = cuts.every((cut) => cut === cuts[0]);
  if (oneKind && !list.separators.includes(";")) {
    const fitted = fitRatios([list.numbers], [cuts.length + 1], false);
    const [along = []] = fitted.cells;
    if (given) warnOfFit(source, fitted, written(along, ":"));
    if (cuts[0] !== axes.outer) return { sizes: [EQUAL], cells: [along] };
    const message = `the prompt has only ${axes.outer}, so the ratios were read along ${
      axes.outer === "ADDROW" ? "rows" : "columns"
    }`;
    if (given) source.warn("RATIOS_FLIPPED", message, 0);
    return { sizes: along, cells: along.map((ratio) => [ratio]) };
  }
  const fitted = fitRatios(groupsOf(list, axes.outerSeparator), groups, true);
  const result = `sizes ${written(fitted.sizes, ":")}, cells ${
    fitted.cells.map((row) => written(row, ":")).join(" / ")
  }`;
  if (given) warnOfFit(source, fitted, result);
  return fitted;
}

function gridOf(
  sizes: readonly Ratio[],
  cells: readonly (readonly Ratio[])[],
  direction: GridDirection,
): { readonly direction: GridDirection; readonly ratios: string } {
  const other = direction === "COLUMNS" ? "ROWS" : "COLUMNS";
  const [only] = cells;
  // Without `;` a grid's numbers go along its direction, so rows of one cell each are a grid of rows.
  if (cells.length === 1 && only !== undefined) return { direction, ratios: written(only, ",") };
  if (cells.every((group) => group.length === 1)) return { direction: other, ratios: written(sizes, ",") };
  const [outer, inner] = direction === "COLUMNS" ? [";", ","] : [",", ";"];
  const groups = cells.map((group, g) => written([sizes[g] ?? EQUAL, ...group], inner));
  return { direction, ratios: groups.join(outer) };
}

function written(ratios: readonly Ratio[], separator: string): string {
  return ratios.map(({ text }) => text).join(separator);
}

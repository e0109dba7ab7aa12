/** Where a layout's regions lie, if Regional Prompter's text can say it. */

import type { Grid, GridDirection, Layout, Rectangle, Region, Shape } from "../../layout.ts";
import { gridCells } from "../../masks/grid.ts";
import { MASK_COLOURS, maskColour } from "./mask_colours.ts";

/** Rows of cells, or columns of them; each cell has one region, or none. */
export interface GridPlan {
  readonly kind: "GRID";
  readonly mode: GridDirection;
  readonly ratios: string;
  /** Row by row, or column by column. */
  readonly groups: readonly (readonly (Region | null)[])[];
}

/** Colours of one image. */
export interface MaskPlan {
  readonly kind: "MASK";
  readonly asset: string;
  /** In the order of their colours. */
  readonly regions: readonly Region[];
  readonly colours: readonly number[];
}

/** Words of the base prompt; in mode PROMPT_EX later regions hide earlier ones. */
export interface WordsPlan {
  readonly kind: "WORDS";
  readonly mode: "PROMPT" | "PROMPT_EX";
  readonly regions: readonly Region[];
  /** One for each region. */
  readonly words: readonly { readonly of: string; readonly threshold: number }[];
}

/** The plan for the regions that are enabled; undefined where their places cannot be said. */
export function planOf(layout: Layout): GridPlan | MaskPlan | WordsPlan | undefined {
  const regions = layout.regions.filter(({ enabled }) => enabled);
  return planOfGrid(layout.grid, regions) ?? planOfRectangles(regions) ?? planOfMasks(regions, layout.basePrompt) ??
    planOfWords(layout, regions);
}

/** Equal columns in the regions' order: what is left where no place can be said. */
export function equalColumns(regions: readonly Region[]): GridPlan {
  return { kind: "GRID", mode: "COLUMNS", ratios: regions.map(() => "1").join(","), groups: [regions] };
}

/** The layout's own grid, if that is not nested and each region takes a cell of its own. */
function planOfGrid(grid: Grid | null, regions: readonly Region[]): GridPlan | undefined {
  if (grid === null || grid.nested.length > 0) return undefined;
  const owners = new Map<number, Region>();
  for (const region of regions) {
    if (region.geometry.kind !== "CELL" || owners.has(region.geometry.cell)) return undefined;
    owners.set(region.geometry.cell, region);
  }
  const { direction: mode, ratios } = grid;
  const sizes = groupSizes(gridCells(grid), mode);
  let next = 0;
  const groups = sizes.map((size) => Array.from({ length: size }, () => owners.get(next++) ?? null));
  return { kind: "GRID", mode, ratios, groups };
}

/** Cells in each row, or column: a new one begins where the cells go back to the border. */
function groupSizes(cells: readonly Rectangle[], mode: GridDirection): readonly number[] {
  const sizes: number[] = [];
  for (const cell of cells) {
    if ((mode === "COLUMNS" ? cell.x : cell.y) === 0) sizes.push(1);
    else sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
  }
  return sizes;
}

/** How far apart edges may be that are meant to be one. */
const SAME = 1e-9;

/** Rectangles that cover the canvas in rows, or in columns, without gaps. */
function planOfRectangles(regions: readonly Region[]): GridPlan | undefined {
  const placed = regions.flatMap((region) =>
    region.geometry.kind === "RECTANGLE" ? [{ region, rectangle: region.geometry }] : []
  );
  if (placed.length === 0 || placed.length < regions.length) return undefined;
  return stacked(placed, "COLUMNS") ?? stacked(placed, "ROWS");
}

interface Placed {
  readonly region: Region;
  readonly rectangle: Rectangle;
}

function stacked(placed: readonly Placed[], mode: GridDirection): GridPlan | undefined {
  const [along, length, across, size] = mode === "COLUMNS"
    ? ["x", "width", "y", "height"] as const
    : ["y", "height", "x", "width"] as const;
  const sorted = placed.toSorted(({ rectangle: a }, { rectangle: b }) =>
    Math.abs(a[across] - b[across]) > SAME ? a[across] - b[across] : a[along] - b[along]
  );
  const groups: Placed[][] = [];
  for (const own of sorted) {
    const group = groups.at(-1), first = group?.[0]?.rectangle;
    const joins = first !== undefined && Math.abs(first[across] - own.rectangle[across]) <= SAME;
    if (group === undefined || !joins) groups.push([own]);
    else if (Math.abs(first[size] - own.rectangle[size]) > SAME) return undefined;
    else group.push(own);
  }
  const fills = (edges: readonly (readonly [from: number, length: number])[]) => {
    let end = 0;
    for (const [from, extent] of edges) {
      if (Math.abs(from - end) > SAME) return false;
      end = from + extent;
    }
    return Math.abs(end - 1) <= SAME;
  };
  const outer = groups.map(([first]): [number, number] =>
    first === undefined ? [0, 0] : [first.rectangle[across], first.rectangle[size]]
  );
  const inner = groups.map((group) =>
    group.map(({ rectangle }): [number, number] => [rectangle[along], rectangle[length]])
  );
  if (!fills(outer) || !inner.every(fills)) return undefined;
  const ratios = writtenRatios(
    outer.map(([, extent]) => extent),
    inner.map((group) => group.map(([, own]) => own)),
    mode,
  );
  return { kind: "GRID", mode, ratios, groups: groups.map((group) => group.map(({ region }) => region)) };
}

/** Ratios as the grid's syntax has them. */
function writtenRatios(
  sizes: readonly number[],
  cells: readonly (readonly number[])[],
  mode: GridDirection,
): string {
  const [only] = cells;
  if (cells.length === 1 && only !== undefined) return only.join(",");
  const [outer, inner] = mode === "COLUMNS" ? [";", ","] : [",", ";"];
  return cells.map((group, g) => [sizes[g] ?? 1, ...group].join(inner)).join(outer);
}

/** Masks of one image's colours; without a base the first region also has what has no colour. */
function planOfMasks(regions: readonly Region[], basePrompt: string): MaskPlan | undefined {
  const [first, ...others] = regions;
  if (first === undefined) return undefined;
  const uncoloured = leavesOf(first.geometry);
  const masks = (uncoloured === undefined ? regions : others).map(({ geometry }) => colourOf(geometry));
  const found = masks.filter((mask) => mask !== undefined);
  const [{ asset } = { asset: undefined }] = found;
  if (asset === undefined || found.length < masks.length || found.some((mask) => mask.asset !== asset)) {
    return undefined;
  }
  const indexes = found.map(({ index }) => index);
  const ordered = indexes.every((index, i) => index > (indexes[i - 1] ?? -1));
  if (!ordered) return undefined;
  if (uncoloured === undefined) return { kind: "MASK", asset, regions, colours: indexes };
  const cut = uncoloured.map((shape) => colourOf(shape));
  const same = cut.length === found.length &&
    cut.every((mask, i) => mask?.asset === asset && mask.index === indexes[i]);
  // Its own colour is in no layout; it is any before the others'.
  if (!same || basePrompt !== "" || (indexes[0] ?? 0) === 0) return undefined;
  return { kind: "MASK", asset, regions, colours: [0, ...indexes] };
}

/** Regions that are all found by words; under Z_ORDER those in front must come last. */
function planOfWords({ overlap }: Layout, regions: readonly Region[]): WordsPlan | undefined {
  // A comma would end the words there.
  const words = regions.flatMap(({ geometry }) =>
    geometry.kind === "WORDS" && !geometry.of.includes(",") ? [geometry] : []
  );
  if (words.length === 0 || words.length < regions.length) return undefined;
  if (overlap === "NORMALIZE") return { kind: "WORDS", mode: "PROMPT", regions, words };
  const rising = regions.every(({ z }, i) => z >= (regions[i - 1]?.z ?? -Infinity));
  return rising ? { kind: "WORDS", mode: "PROMPT_EX", regions, words } : undefined;
}

/** What is subtracted from the whole canvas; undefined for any other shape. */
function leavesOf(geometry: Region["geometry"]): readonly Shape[] | undefined {
  if (geometry.kind !== "SUBTRACTION" || geometry.from.kind !== "RECTANGLE") return undefined;
  const { x, y, width, height } = geometry.from;
  return x === 0 && y === 0 && width === 1 && height === 1 ? geometry.subtract : undefined;
}

const INDEXES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: MASK_COLOURS }, (_, i) => MASK_COLOURS - 1 - i).map((index) => [maskColour(index), index]),
);

/** A mask of one of the colours; undefined for any other shape. */
function colourOf(shape: Region["geometry"]): { readonly asset: string; readonly index: number } | undefined {
  if (shape.kind !== "MASK" || shape.inverted || shape.colour === null) return undefined;
  const index = INDEXES.get(shape.colour);
  return index === undefined ? undefined : { asset: shape.asset, index };
}

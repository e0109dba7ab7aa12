/** A grid as it is edited: its lines, and its ratios after one of them was moved. */

import type { GridInput } from "../api/generated.ts";
import { gridCells } from "../../../layout/masks/grid.ts";
import type { Box } from "./geometry.ts";

/** A line between two cells, or between two rows or columns of them. */
export interface Divider {
  /** The cells of the grids that lie around its own, outermost first; none for the layout's own grid. */
  readonly within: readonly number[];
  /** Which of the grid's parts it is about: null for the line between parts `index` and `index + 1`. */
  readonly group: number | null;
  /** Between which two numbers. */
  readonly index: number;
  /** Whether it is a line from top to bottom, which is moved sideways. */
  readonly upright: boolean;
  /** Where it lies, in fractions of the canvas: along its direction from `from` to `to`. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Between which positions it can be moved: the far edges of the two that it parts. */
  readonly least: number;
  readonly most: number;
}

/** Numbers of a ratio text: without `;` one row of them, with it groups of a size and the ratios inside. */
interface Ratios {
  readonly single: boolean;
  readonly groups: readonly (readonly number[])[];
}

/** How near to its neighbours a divider may come, as a share of what it parts. */
const MARGIN = 0.02;

/** Every divider of a grid. Empty where the ratios cannot be read. */
export function dividersOf(grid: GridInput): readonly Divider[] {
  try {
    return within(grid, { x: 0, y: 0, width: 1, height: 1 }, []);
  } catch {
    return [];
  }
}

function within(grid: GridInput, box: Box, path: readonly number[]): readonly Divider[] {
  const { single, groups } = readRatios(grid);
  const columns = grid.direction === "COLUMNS";
  const found: Divider[] = [];
  const line = (group: number | null, numbers: readonly number[], inner: Box, upright: boolean) => {
    const start = upright ? inner.x : inner.y, length = upright ? inner.width : inner.height;
    const from = upright ? inner.y : inner.x, to = from + (upright ? inner.height : inner.width);
    const edges = edgesOf(numbers).map((edge) => start + edge * length);
    for (let index = 0; index + 1 < numbers.length; index++) {
      const [least = 0, at = 0, most = 1] = edges.slice(index, index + 3);
      found.push({ within: path, group, index, upright, at, from, to, least, most });
    }
  };
  const sizes = single ? [1] : groups.map(([size = 1]) => size);
  if (!single) line(null, sizes, box, !columns);
  const outer = edgesOf(sizes);
  groups.forEach((group, g) => {
    const [start = 0, end = 1] = outer.slice(g, g + 2);
    const part = columns
      ? { ...box, y: box.y + start * box.height, height: (end - start) * box.height }
      : { ...box, x: box.x + start * box.width, width: (end - start) * box.width };
    line(g, inGroup(group, single), part, columns);
  });
  const cells = gridCells({ ...grid, nested: [] });
  for (const { cell, grid: inner } of grid.nested ?? []) {
    const place = cells[cell];
    if (place === undefined) continue;
    found.push(...within(inner, {
      x: box.x + place.x * box.width,
      y: box.y + place.y * box.height,
      width: place.width * box.width,
      height: place.height * box.height,
    }, [...path, cell]));
  }
  return found;
}

/**
 * The grid after a divider was moved: the two numbers beside it keep their sum.
 * @param at The new position in fractions of the canvas; it stays between the neighbours.
 * @param pixels The canvas's length in the direction of the move: the ratios get as many decimals as it takes.
 */
export function moveDivider(grid: GridInput, divider: Divider, at: number, pixels: number): GridInput {
  const [cell, ...deeper] = divider.within;
  if (cell !== undefined) {
    const inner = (nested: NonNullable<GridInput["nested"]>[number]) =>
      nested.cell === cell
        ? { ...nested, grid: moveDivider(nested.grid, { ...divider, within: deeper }, at, pixels) }
        : nested;
    return { ...grid, nested: (grid.nested ?? []).map(inner) };
  }
  const { single, groups } = readRatios(grid);
  const { group, index, least, most } = divider;
  const numbers = group === null ? groups.map(([size = 1]) => size) : inGroup(groups[group] ?? [], single);
  const before = numbers[index] ?? 1, after = numbers[index + 1] ?? 1;
  const share = Math.min(1 - MARGIN, Math.max(MARGIN, (at - least) / (most - least)));
  const decimals = decimalsFor(before + after, (most - least) * pixels);
  const moved = round((before + after) * share, decimals);
  const changed = numbers.with(index, moved).with(index + 1, round(before + after - moved, decimals));
  const next = group === null
    ? groups.map((numbers, g) => [changed[g] ?? 1, ...(numbers.length === 1 ? [] : numbers.slice(1))])
    : groups.with(group, single ? changed : [groups[group]?.[0] ?? 1, ...changed]);
  return { ...grid, ratios: writeRatios(grid, { single, groups: next }) };
}

/** Two decimals, or as many as half a pixel takes. */
function decimalsFor(sum: number, pixels: number): number {
  return Math.min(6, Math.max(2, Math.ceil(Math.log10(2 * pixels / sum))));
}

function round(value: number, decimals: number): number {
  return Math.max(10 ** -decimals, Number(value.toFixed(decimals)));
}

/** The ratios inside of a group: a group of one number is one cell. */
function inGroup(group: readonly number[], single: boolean): readonly number[] {
  return single ? group : group.length === 1 ? [1] : group.slice(1);
}

/** The syntax is that of `layout/masks/ratios.ts`, whose faults the server names. */
function readRatios({ direction, ratios }: GridInput): Ratios {
  const single = !ratios.includes(";");
  const [outer, inner] = separators(direction, single);
  return { single, groups: ratios.split(outer).map((part) => part.split(inner).map(Number)) };
}

function writeRatios({ direction }: GridInput, { single, groups }: Ratios): string {
  const [outer, inner] = separators(direction, single);
  return groups.map((group) => group.join(inner)).join(outer);
}

function separators(direction: GridInput["direction"], single: boolean): readonly [outer: string, inner: string] {
  return direction === "COLUMNS" || single ? [";", ","] : [",", ";"];
}

function edgesOf(numbers: readonly number[]): readonly number[] {
  const sum = numbers.reduce((a, b) => a + b, 0);
  let reached = 0;
  return [0, ...numbers.map((number) => (reached += number) / sum)];
}

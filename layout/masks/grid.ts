/** The cells of a grid, those of the grids nested in it included. */

import type { Grid } from "../grid.ts";
import { type Cell, parseRatios } from "./ratios.ts";

const CANVAS: Cell = { x: 0, y: 0, width: 1, height: 1, right: 1, bottom: 1 };

/**
 * The cells in fractions of the canvas, in the order the ratios are written; the cells of a nested grid stand where the
 * cell stood that it cuts. They cover the canvas and do not overlap.
 *
 * @throws {InvalidInputError} INVALID_RATIO for ratios that `resolveLayout` would not have let pass.
 */
export function gridCells(grid: Grid): readonly Cell[] {
  return cut(grid, CANVAS);
}

function cut({ direction, ratios, nested }: Grid, within: Cell): readonly Cell[] {
  const inner = new Map(nested.map(({ cell, grid }) => [cell, grid]));
  return parseRatios(ratios, direction).flatMap((cell, i) => {
    const placed = place(cell, within);
    const grid = inner.get(i);
    return grid === undefined ? [placed] : cut(grid, placed);
  });
}

function place(cell: Cell, within: Cell): Cell {
  const x = edge(cell.x, within.x, within.right), right = edge(cell.right, within.x, within.right);
  const y = edge(cell.y, within.y, within.bottom), bottom = edge(cell.bottom, within.y, within.bottom);
  return { x, y, width: right - x, height: bottom - y, right, bottom };
}

/** Outer edges are the outer cell's bit for bit, so that neighbours abut whatever cuts them. */
function edge(share: number, from: number, to: number): number {
  return share === 0 ? from : share === 1 ? to : from + share * (to - from);
}

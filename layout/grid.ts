/** What a grid is: the form callers send (`GridSpec`) and the form everything else reads (`Grid`). */

import type { Maybe } from "../problems.ts";

/** The direction in which one row of ratios cuts the canvas. */
export type GridDirection = "COLUMNS" | "ROWS";

export const GRID_DIRECTIONS: readonly GridDirection[] = ["COLUMNS", "ROWS"];

/**
 * Cuts the canvas, or the cell it is nested in, into cells; the syntax of `ratios` is in `masks/ratios.ts`. A nested grid
 * takes the place of its cell: cells are counted from 0 in the order the ratios are written, nested ones in place.
 */
export interface Grid {
  readonly direction: GridDirection;
  readonly ratios: string;
  /** At most one per cell. */
  readonly nested: readonly NestedGrid[];
}

/** A grid inside of cell `cell` of another one, counted among that grid's own ratios from 0. */
export interface NestedGrid {
  readonly cell: number;
  readonly grid: Grid;
}

/** A grid as callers send it. */
export interface GridSpec {
  readonly direction: GridDirection;
  readonly ratios: string;
  readonly nested?: Maybe<readonly { readonly cell: number; readonly grid: GridSpec }[]>;
}

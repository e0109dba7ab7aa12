/** Checks of a layout's grid, and of the grids nested in it. */

import { type FieldPath, InvalidInputError } from "../../errors.ts";
import { gridCells } from "../masks/grid.ts";
import { type Grid, GRID_DIRECTIONS } from "../grid.ts";
import type { Problems } from "../../problems.ts";
import { parseRatios } from "../masks/ratios.ts";

/** How many grids may stand inside of one another, the layout's own included. */
const MAX_DEPTH = 8;

/** The most cells of a grid, nested ones included: far more than any layout has regions. */
const MAX_CELLS = 1024;

/** A grid and its number of cells: null without a grid, NaN where it is broken. */
export interface ResolvedGrid {
  readonly grid: Grid | null;
  readonly cells: number | null;
}

/** Resolves a layout's grid; null and undefined are none. Problems are noted with their codes: INVALID_RATIO for texts. */
export function resolveGrid(spec: unknown, path: FieldPath, problems: Problems): ResolvedGrid {
  if (spec === null || spec === undefined) return { grid: null, cells: null };
  const before = problems.found.length;
  const grid = readGrid(spec, path, 1, problems);
  if (grid === undefined || problems.found.length > before) return { grid: null, cells: NaN };
  const cells = gridCells(grid);
  if (cells.length > MAX_CELLS) {
    problems.add("OUT_OF_RANGE", path, cells.length, `must have at most ${MAX_CELLS} cells, nested ones included`);
  } else if (cells.some(({ width, height }) => !(width > 0 && height > 0))) {
    problems.add("INVALID_RATIO", path, spec, "must leave every cell an area: nested cells are too thin for a number");
  }
  return problems.found.length > before ? { grid: null, cells: NaN } : { grid, cells: cells.length };
}

function readGrid(spec: unknown, path: FieldPath, depth: number, problems: Problems): Grid | undefined {
  const before = problems.found.length;
  if (depth > MAX_DEPTH) {
    problems.add("INVALID_GEOMETRY", path, spec, `must be at most ${MAX_DEPTH} grids deep`);
    return undefined;
  }
  const fields = problems.fields(spec, path);
  if (fields === undefined) return undefined;
  const direction = problems.choice(fields["direction"], [...path, "direction"], GRID_DIRECTIONS);
  const ratios = problems.text(fields["ratios"], [...path, "ratios"]);
  const cells = problems.found.length > before || direction === undefined
    ? NaN
    : countCells(ratios, direction, [...path, "ratios"], problems);
  const nested = readNested(fields["nested"], [...path, "nested"], cells, depth, problems);
  return problems.found.length > before || direction === undefined ? undefined : { direction, ratios, nested };
}

/** NaN where the text is broken, which is then noted. */
function countCells(ratios: string, direction: Grid["direction"], path: FieldPath, problems: Problems): number {
  try {
    return parseRatios(ratios, direction, path).length;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    problems.found.push(error);
    return NaN;
  }
}

function readNested(
  spec: unknown,
  path: FieldPath,
  cells: number,
  depth: number,
  problems: Problems,
): Grid["nested"] {
  const items = problems.items(spec, path);
  if (items.length > cells || items.length > MAX_CELLS) {
    const most = Number.isNaN(cells) ? MAX_CELLS : Math.min(cells, MAX_CELLS);
    problems.add("INVALID_GEOMETRY", path, items.length, `must have at most ${most} grids, one per cell`);
    return [];
  }
  const first = new Map<number, number>();
  return items.flatMap((item, i) => {
    const at = [...path, i];
    const fields = problems.fields(item, at);
    if (fields === undefined) return [];
    const cell = problems.number(fields["cell"], [...at, "cell"], {});
    const earlier = first.get(cell);
    if (Number.isNaN(cell)) {
      // Already noted.
    } else if (!Number.isInteger(cell) || cell < 0 || cell >= cells) {
      const last = Number.isNaN(cells) ? "" : ` to ${cells - 1}`;
      problems.add("OUT_OF_RANGE", [...at, "cell"], fields["cell"], `must be a whole number from 0${last}`);
    } else if (earlier !== undefined) {
      const rule = `must be a cell that no other nested grid cuts, nested[${earlier}] cuts it`;
      problems.add("INVALID_GEOMETRY", [...at, "cell"], cell, rule);
    } else first.set(cell, i);
    const grid = readGrid(fields["grid"], [...at, "grid"], depth + 1, problems);
    return grid === undefined ? [] : [{ cell, grid }];
  });
}

/** Which place each region of a layout has, those that take a cell by their order included. */

import type { GeometryInput, GridInput } from "../api/generated.ts";
import { gridCells } from "../../../layout/masks/grid.ts";
import type { Grid } from "../../../layout/grid.ts";
import type { DraftLayout } from "./draft.ts";
import type { Box } from "./geometry.ts";

/** Always the same, so that what is drawn for cells is kept. */
const NONE: readonly Box[] = [];

const cut = new WeakMap<GridInput, readonly Box[]>();

/** The cells of the layout's grid; none without a grid, and where its ratios cannot be read. */
export function cellsOf({ grid }: Pick<DraftLayout, "grid">): readonly Box[] {
  if (!grid) return NONE;
  const known = cut.get(grid);
  if (known !== undefined) return known;
  const cells = readCells(grid);
  cut.set(grid, cells);
  return cells;
}

function readCells(grid: GridInput): readonly Box[] {
  try {
    return gridCells(readGrid(grid));
  } catch {
    return []; // the server says what is wrong with the ratios, at their field
  }
}

function readGrid({ direction, ratios, nested }: GridInput): Grid {
  return { direction, ratios, nested: (nested ?? []).map(({ cell, grid }) => ({ cell, grid: readGrid(grid) })) };
}

/** The geometry of every region: its own, or the next cell that no other one names; null where none is left. */
export function placesOf(layout: DraftLayout): readonly (GeometryInput | null)[] {
  const count = cellsOf(layout).length;
  const named = new Set(layout.regions.flatMap(({ geometry }) => geometry ? cellsIn(geometry) : []));
  let next = 0;
  return layout.regions.map(({ geometry }) => {
    if (geometry) return geometry;
    while (named.has(next)) next++;
    return next < count ? { cell: next++ } : null;
  });
}

/** The cells that a geometry names. */
export function cellsIn(geometry: GeometryInput): readonly number[] {
  if (geometry.cell !== undefined) return [geometry.cell];
  if (geometry.union) return geometry.union.flatMap(cellsIn);
  if (geometry.subtraction) return [geometry.subtraction.from, ...geometry.subtraction.subtract].flatMap(cellsIn);
  return [];
}

/** The cells that no region has. */
export function freeCells(layout: DraftLayout): readonly number[] {
  const taken = new Set(placesOf(layout).flatMap((place) => place ? cellsIn(place) : []));
  return cellsOf(layout).flatMap((_, cell) => taken.has(cell) ? [] : [cell]);
}

/** The layout with every cell named, so that regions keep theirs whatever happens to the others. */
export function withNamedCells(layout: DraftLayout): DraftLayout {
  if (layout.regions.every(({ geometry }) => geometry)) return layout;
  const places = placesOf(layout);
  return {
    ...layout,
    regions: layout.regions.map((region, i) => {
      const place = places[i];
      return region.geometry || !place ? region : { ...region, geometry: place };
    }),
  };
}

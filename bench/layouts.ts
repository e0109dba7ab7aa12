/** Layouts that the figures are measured on: the picture cut into equal cells. */

import { resolveLayout } from "../layout/resolve.ts";
import { compileWeightMaps, type WeightMaps } from "../layout/weight_maps.ts";

/** Columns and rows of the layouts, by their number of regions. */
const CUTS = new Map([[1, [1, 1]], [2, [2, 1]], [4, [2, 2]], [8, [4, 2]], [16, [4, 4]]]);

/** The numbers of regions that are measured. */
export const REGION_COUNTS: readonly number[] = [...CUTS.keys()];

/** The base ratio of layouts that leave the base prompt a share everywhere. */
export const BASE_RATIO = 0.2;

/** Columns and rows of a layout of so many equal cells. */
export function cutOf(regions: number): { readonly columns: number; readonly rows: number } {
  const [columns, rows] = CUTS.get(regions) ?? [];
  if (columns === undefined || rows === undefined) throw new RangeError(`Cannot cut a picture into ${regions} cells`);
  return { columns, rows };
}

/**
 * Weight maps [regions + 1, edge / factor, edge / factor] of a square picture in equal cells.
 * @param regions One of {@link REGION_COUNTS}.
 * @param baseRatio Share that every cell leaves to the base prompt, 0 to 1.
 * @param size The picture's edge in pixels and the pixels of a latent cell.
 */
export function equalCells(
  regions: number,
  baseRatio: number,
  { edge, factor }: { readonly edge: number; readonly factor: number },
): WeightMaps {
  const { columns, rows } = cutOf(regions);
  const cells = new Array(columns).fill("1").join(",");
  // Where there are several rows, each begins with its height.
  const ratios = rows === 1 ? cells : new Array(rows).fill(`1,${cells}`).join(";");
  const resolution = resolveLayout({
    grid: { direction: "COLUMNS", ratios },
    regions: Array.from({ length: regions }, () => ({ prompt: "", baseRatio })),
  }, { maxRegions: regions });
  if (!("layout" in resolution)) throw new AggregateError(resolution.problems, "Cannot lay out equal cells");
  return compileWeightMaps(resolution.layout, { width: edge, height: edge, factor });
}

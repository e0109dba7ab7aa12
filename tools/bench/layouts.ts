/** Layouts that the figures are measured on: the picture cut into equal cells, and soft shapes that overlap. */

import type { GeometrySpec, Layout, LayoutSpec, Overlap } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { compileWeightMaps, type WeightMaps } from "../../layout/weights/weight_maps.ts";

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
  const layout = resolved({
    grid: { direction: "COLUMNS", ratios },
    regions: Array.from({ length: regions }, () => ({ prompt: "", baseRatio })),
  });
  return compileWeightMaps(layout, { width: edge, height: edge, factor });
}

/**
 * Rectangles, ellipses and seven-pointed polygons in turn, feathered by 0.01 to 0.03 of the short edge, each about a
 * third of the canvas wide and a third high, on a grid of places: most of the canvas has two or three of them.
 */
export function softLayout(regions: number, overlap: Overlap): Layout {
  const columns = Math.ceil(Math.sqrt(regions)), rows = Math.ceil(regions / columns);
  return resolved({
    overlap,
    regions: Array.from({ length: regions }, (_, r) => {
      const x = (r % columns + 0.5) / columns, y = (Math.floor(r / columns) + 0.5) / rows;
      return {
        prompt: "",
        baseRatio: 0.1,
        feather: 0.01 + 0.02 * (r * 7 % regions) / regions,
        geometry: softShape(r, x, y, 0.15 + 0.03 * (r * 5 % 3 - 1)),
      };
    }),
  });
}

function softShape(r: number, x: number, y: number, reach: number): GeometrySpec {
  // Shapes at the canvas's border end there.
  const rx = Math.min(reach, x, 1 - x), ry = Math.min(reach, y, 1 - y);
  switch (r % 3) {
    case 0:
      return { rectangle: { x: x - rx, y: y - ry, width: 2 * rx, height: 2 * ry } };
    case 1:
      return { ellipse: { cx: x, cy: y, rx, ry } };
    default:
      return {
        polygon: {
          points: Array.from({ length: 14 }, (_, i) => {
            const angle = Math.PI * i / 7, share = i % 2 === 0 ? 1 : 0.6;
            return { x: x + rx * share * Math.cos(angle), y: y + ry * share * Math.sin(angle) };
          }),
        },
      };
  }
}

function resolved(spec: LayoutSpec): Layout {
  const resolution = resolveLayout(spec, { maxRegions: spec.regions?.length ?? 0 });
  if (!("layout" in resolution)) throw new AggregateError(resolution.problems, "Cannot resolve a layout of the bench");
  return resolution.layout;
}

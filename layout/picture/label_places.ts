/** Where a region's label fits: the middle of the widest spot in which the region is on its own. */

import { float, integer } from "../../elements.ts";
import type { Holes, Layout } from "../layout.ts";
import type { LatentSize } from "../weights/levels.ts";
import type { Mask } from "../masks/mask.ts";
import { blendLayout } from "../weights/weight_maps.ts";

/** Cells along the short edge of the grid that is searched. */
const CELLS = 64;

/** A spot in pixels. */
export interface LabelPlace {
  /** Centre. */
  readonly x: number;
  readonly y: number;
  /** Half the side of the largest square around the centre that the region fills. */
  readonly reach: number;
  /** Half the width that the region fills at the centre's height, to the nearer side, for lines of a cell's height. */
  readonly breadth: number;
}

/**
 * The spot for each region's label; null for a region that is nowhere to be seen. Base ratios are left out: they fade a
 * region, but do not move it.
 *
 * @param masks One per region, at the size in pixels.
 * @param holes The hole policy to be shown.
 */
export function labelPlaces(
  layout: Layout,
  masks: readonly Mask[],
  { width, height }: Pick<LatentSize, "width" | "height">,
  holes: Holes,
): readonly (LabelPlace | null)[] {
  const factor = Math.max(1, Math.floor(Math.min(width, height) / CELLS));
  const solid = { ...layout, regions: layout.regions.map((region) => ({ ...region, baseRatio: 0 })) };
  const { maps: { count, width: columns, height: lines, data } } = blendLayout(
    solid,
    masks,
    { width, height, factor },
    holes,
  );
  return Array.from({ length: count - 1 }, (_, i) => {
    const map = data.subarray((i + 1) * columns * lines, (i + 2) * columns * lines);
    const highest = map.reduce((a, b) => Math.max(a, b), 0);
    if (highest < 0.02) return null;
    // A region that shares everything it has is labelled where it is strongest.
    const { x, y, reach, breadth } = widestPlace(map, highest > 0.55 ? 0.55 : highest * 0.9, columns, lines);
    return { x: x * factor, y: y * factor, reach: reach * factor, breadth: breadth * factor };
  });
}

/** A region's name, unless it is only the default one: labels begin with the number anyway. */
export function ownName(layout: Layout, index: number): string | undefined {
  const name = layout.regions[index]?.name;
  return name === `region ${index + 1}` ? undefined : name;
}

/** The widest spot in cells of the grid. */
function widestPlace(map: Float32Array, threshold: number, width: number, height: number): LabelPlace {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && float(map, y * width + x) >= threshold;
  const depths = depthsInside(inside, width, height);
  let deepest = 0, sumX = 0, sumY = 0, cells = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      deepest = Math.max(deepest, integer(depths, y * width + x));
      sumX += x;
      sumY += y;
      cells++;
    }
  }
  let bestX = 0, bestY = 0, best = Infinity;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const offCentre = Math.hypot(x - sumX / cells, y - sumY / cells);
      if (depths[y * width + x] !== deepest || offCentre >= best) continue;
      best = offCentre;
      bestX = x;
      bestY = y;
    }
  }
  let breadth = 0;
  while (inside(bestX - breadth - 1, bestY) && inside(bestX + breadth + 1, bestY)) breadth++;
  return { x: bestX + 0.5, y: bestY + 0.5, reach: deepest - 0.5, breadth: breadth + 0.5 };
}

/** Chessboard distance of each inside cell to the nearest cell or border that is not inside, in two sweeps. */
function depthsInside(inside: (x: number, y: number) => boolean, width: number, height: number): Int32Array {
  const depths = new Int32Array(width * height);
  const at = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height ? 0 : integer(depths, y * width + x);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      depths[y * width + x] = 1 + Math.min(at(x - 1, y), at(x - 1, y - 1), at(x, y - 1), at(x + 1, y - 1));
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      if (!inside(x, y)) continue;
      const below = 1 + Math.min(at(x + 1, y), at(x + 1, y + 1), at(x, y + 1), at(x - 1, y + 1));
      depths[y * width + x] = Math.min(at(x, y), below);
    }
  }
  return depths;
}

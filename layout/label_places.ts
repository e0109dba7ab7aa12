/** Where a region's label fits: the middle of the widest place in which the region is on its own. */

import type { WeightMaps } from "./levels.ts";

/** A spot in cells of the grid that was searched. */
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
 * The place of the label of each map but the base's; null for a region that is nowhere to be seen.
 *
 * @param maps Coarse weight maps without base ratios.
 */
export function labelPlaces(maps: WeightMaps): readonly (LabelPlace | null)[] {
  const { count, width, height, data } = maps;
  return Array.from({ length: count - 1 }, (_, i) => {
    const map = data.subarray((i + 1) * width * height, (i + 2) * width * height);
    const highest = map.reduce((a, b) => Math.max(a, b), 0);
    if (highest < 0.02) return null;
    // A region that shares everything it has is labelled where it is strongest.
    return widestPlace(map, highest > 0.55 ? 0.55 : highest * 0.9, width, height);
  });
}

function widestPlace(map: Float32Array, threshold: number, width: number, height: number): LabelPlace {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && (map[y * width + x] ?? 0) >= threshold;
  const depths = depthsInside(inside, width, height);
  let deepest = 0, sumX = 0, sumY = 0, cells = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      deepest = Math.max(deepest, depths[y * width + x] ?? 0);
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
  const at = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height ? 0 : depths[y * width + x] ?? 0;
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

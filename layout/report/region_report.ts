/** What one region gets of the canvas, and of each level of the UNet. */

import { float } from "../../elements.ts";
import type { Region } from "../layout.ts";
import { isFoundByWords } from "../words.ts";
import type { LatentSize, WeightMaps } from "../weights/levels.ts";

/** A region on one level of the UNet, whose grid is [height, width] cells. */
export interface LevelReport {
  readonly level: number;
  readonly width: number;
  readonly height: number;
  /** Share of the cells in which the region has any weight, [0, 1]. */
  readonly touched: number;
  /** Effective number of cells: the sum of the region's weights. */
  readonly cells: number;
  /** The region's largest weight in any cell, [0, 1]. */
  readonly maximum: number;
}

export interface RegionReport {
  readonly name: string;
  /** A region that is not enabled gets nothing. */
  readonly enabled: boolean;
  /** Mean weight over the canvas, [0, 1]; null for a region that is found by words, which nobody knows before. */
  readonly share: number | null;
  /** Share of the canvas that its mask covers before overlaps, holes and base ratio, [0, 1]; null as `share`. */
  readonly covered: number | null;
  /** Empty where `share` is null. */
  readonly levels: readonly LevelReport[];
  /** The deepest level, the one with the fewest cells, on which it has any weight; null if there is none. */
  readonly deepestLevel: number | null;
  /** The deepest level on which some cell gives it at least half of its weight; null if there is none. */
  readonly deepestSolidLevel: number | null;
}

/**
 * Reports on map `index` of the weight maps.
 *
 * @param covered Mean of the region's mask over the canvas.
 * @param levels The maps level by level, the latent grid first.
 * @param size The image size that the latent grid belongs to.
 */
export function reportRegion(
  { name, enabled, geometry }: Pick<Region, "name" | "enabled" | "geometry">,
  index: number,
  covered: number,
  levels: readonly WeightMaps[],
  size: LatentSize,
): RegionReport {
  if (isFoundByWords(geometry)) {
    return { name, enabled, share: null, covered: null, levels: [], deepestLevel: null, deepestSolidLevel: null };
  }
  const reports = levels.map((maps, level) => levelReport(maps, level, index));
  const deepest = (least: number) => reports.findLast(({ maximum }) => maximum > 0 && maximum >= least)?.level ?? null;
  const [finest] = levels;
  return {
    name,
    enabled,
    share: finest === undefined ? 0 : meanWeight(finest, index, size),
    covered,
    levels: reports,
    deepestLevel: deepest(0),
    deepestSolidLevel: deepest(0.5),
  };
}

function levelReport(maps: WeightMaps, level: number, index: number): LevelReport {
  const { width, height, data } = maps;
  let touched = 0, cells = 0, maximum = 0;
  for (const weight of data.subarray(index * width * height, (index + 1) * width * height)) {
    if (weight > 0) touched++;
    if (weight > maximum) maximum = weight;
    cells += weight;
  }
  return { level, width, height, touched: touched / (width * height), cells, maximum };
}

/** A map's mean over the image's pixels: cells at the border of a size that does not divide hold fewer of them. */
export function meanWeight(maps: WeightMaps, index: number, { width, height, factor }: LatentSize): number {
  let sum = 0;
  for (let y = 0; y < maps.height; y++) {
    const tall = Math.min(height, (y + 1) * factor) - y * factor;
    for (let x = 0; x < maps.width; x++) {
      const wide = Math.min(width, (x + 1) * factor) - x * factor;
      sum += float(maps.data, (index * maps.height + y) * maps.width + x) * tall * wide;
    }
  }
  return sum / (width * height);
}

/** A dry run of a layout: what each region gets of the canvas, before anything is painted. */

import { double, nth } from "../../elements.ts";
import { type HoleBoxes, holeBoxes } from "./hole_boxes.ts";
import type { Layout } from "../layout.ts";
import { type LatentSize, weightMapLevels } from "../weights/levels.ts";
import { type Mask, writeRow } from "../masks/mask.ts";
import type { MaskImages } from "../masks/mask_image.ts";
import { meanWeight, type RegionReport, reportRegion } from "./region_report.ts";
import { type LayoutWarning, layoutWarnings } from "./warnings.ts";
import { blendLayout, regionMasks } from "../weights/weight_maps.ts";

export type { LevelReport, RegionReport } from "./region_report.ts";
export type { LayoutWarning, LayoutWarningCode } from "./warnings.ts";

export interface ReportOptions {
  /** How many grids the UNet attends on: 4 for Stable Diffusion 1.5, its middle block included. */
  readonly levels: number;
  /** Number of steps, to tell which windows are too short to contain one. */
  readonly steps?: number;
  /** The images of painted masks, by asset. */
  readonly images?: MaskImages;
}

export interface HoleReport extends HoleBoxes {
  /** Share of the canvas that no region covers, [0, 1]. */
  readonly share: number;
}

export interface LayoutReport {
  /** Mean weight of the base prompt over the canvas, [0, 1]. */
  readonly baseShare: number;
  readonly regions: readonly RegionReport[];
  /** [region][region]: the mean over the canvas of the smaller of both masks; on the diagonal a mask's own mean. */
  readonly overlaps: readonly (readonly number[])[];
  readonly holes: HoleReport;
  readonly warnings: readonly LayoutWarning[];
}

/**
 * Reports on a layout with all regions active that are enabled, whatever their windows. Those that are found by words are
 * not found yet: they cover nothing, and the numbers of others and of holes are those of the time before. Holes under policy ERROR are a
 * warning here, not an error, so that a user sees where they are.
 *
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask's asset, if `images` lacks it.
 * @throws {RangeError} if the size is not made of positive whole numbers.
 */
export function reportLayout(layout: Layout, size: LatentSize, options: ReportOptions): LayoutReport {
  const { levels, steps, images } = options;
  const masks = regionMasks(layout, size, images === undefined ? {} : { images });
  const { maps, holes, uncovered } = blendLayout(layout, masks, size, layout.holes === "ERROR" ? "BASE" : layout.holes);
  const perLevel = weightMapLevels(maps, levels);
  const overlaps = overlapMatrix(masks, size.width, size.height);
  const regions = layout.regions.map((region, i) =>
    reportRegion(region, i + 1, nth(nth(overlaps, i), i), perLevel, size)
  );
  return {
    baseShare: meanWeight(maps, 0, size),
    regions,
    overlaps,
    holes: { share: uncovered, ...holeBoxes(holes, size) },
    warnings: layoutWarnings(layout, { reports: regions, uncovered, size, steps }),
  };
}

function overlapMatrix(masks: readonly Mask[], width: number, height: number): number[][] {
  const sums = masks.map(() => new Float64Array(masks.length));
  const rows = masks.map(() => new Float64Array(width));
  for (let y = 0; y < height; y++) {
    const present = [...masks.entries()].filter(([, { bounds }]) => bounds.top <= y && y < bounds.bottom);
    for (const [a, mask] of present) {
      const row = nth(rows, a), line = nth(sums, a);
      writeRow(mask, y, row);
      for (const [b, other] of present) {
        if (b > a) break;
        const from = Math.max(mask.bounds.left, other.bounds.left);
        const to = Math.min(mask.bounds.right, other.bounds.right);
        line[b] = double(line, b) + (to > from ? sumOfMinima(row, nth(rows, b), from, to) : 0);
      }
    }
  }
  const mean = (a: number, b: number) => double(nth(sums, Math.max(a, b)), Math.min(a, b)) / (width * height);
  return masks.map((_, a) => masks.map((_, b) => mean(a, b)));
}

function sumOfMinima(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let x = from; x < to; x++) sum += Math.min(double(a, x), double(b, x));
  return sum;
}

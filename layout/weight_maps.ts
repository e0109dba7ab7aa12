/** From a layout to weight maps: geometry to masks, masks to weights. */

import { InvalidInputError } from "../errors.ts";
import { type Blend, blend, type MaskedRegion } from "./blend.ts";
import { feather, gaussianKernel } from "./feather.ts";
import type { Holes, Layout, Region } from "./layout.ts";
import { EMPTY_MASK, type Mask } from "./mask.ts";
import { polygonMask, rectangleMask } from "./rasterize.ts";
import { type Cell, parseRatios } from "./ratios.ts";
import type { MaskImages } from "./mask_image.ts";
import type { LatentSize, WeightMaps } from "./levels.ts";

export { type LatentSize, weightMapLevels, type WeightMaps } from "./levels.ts";

/**
 * The weight maps [regions + 1, height / factor, width / factor] of a layout at latent size.
 *
 * @throws {InvalidInputError} UNCOVERED at layout.holes, if the holes policy is ERROR and the active regions leave more
 *   than 1e-6 of the canvas uncovered. A layout without regions is a plain picture and has no holes.
 * @throws {RangeError} if the size is not made of positive whole numbers.
 */
export function compileWeightMaps(layout: Layout, size: LatentSize, options: MaskOptions = {}): WeightMaps {
  return blendLayout(layout, regionMasks(layout, size, options), size, layout.holes).maps;
}

/** What masks are made of beside the layout. */
export interface MaskOptions {
  /** Which regions paint; the others have an empty mask. All that are enabled unless told. */
  readonly active?: readonly boolean[];
  /** The images of painted masks, by asset. */
  readonly images?: MaskImages;
}

/** The mask of each region in pixels, after feathering; empty for those that are not active. */
export function regionMasks(
  layout: Layout,
  size: Pick<LatentSize, "width" | "height">,
  { active }: MaskOptions = {},
): readonly Mask[] {
  const cells = layout.grid === null ? [] : parseRatios(layout.grid.ratios, layout.grid.direction);
  return layout.regions.map((region, i) =>
    active?.[i] ?? region.enabled ? regionMask(region, i, cells, size) : EMPTY_MASK
  );
}

/** Blends a layout's masks under its own overlap rule and the given hole rule. */
export function blendLayout(layout: Layout, masks: readonly Mask[], size: LatentSize, holes: Holes): Blend {
  const regions = layout.regions.map(({ weight, baseRatio, z }, i): MaskedRegion => ({
    mask: masks[i] ?? EMPTY_MASK,
    weight,
    baseRatio,
    z,
  }));
  return blend(regions, { overlap: layout.overlap, holes: regions.length === 0 ? "BASE" : holes }, size);
}

function regionMask(
  region: Region,
  index: number,
  cells: readonly Cell[],
  { width, height }: Pick<LatentSize, "width" | "height">,
): Mask {
  const mask = geometryMask(region, index, cells, width, height);
  const sigma = region.feather * Math.min(width, height);
  return sigma === 0 ? mask : feather(mask, gaussianKernel(sigma), width, height);
}

function geometryMask(region: Region, index: number, cells: readonly Cell[], width: number, height: number): Mask {
  const { geometry } = region;
  switch (geometry.kind) {
    case "RECTANGLE": {
      const { x, y } = geometry;
      const right = x + geometry.width, bottom = y + geometry.height;
      return rectangleMask(
        { left: x * width, top: y * height, right: right * width, bottom: bottom * height },
        width,
        height,
      );
    }
    case "POLYGON":
      return polygonMask(geometry.points.map((p) => ({ x: p.x * width, y: p.y * height })), width, height);
    case "ELLIPSE":
    case "MASK":
    case "UNION":
    case "SUBTRACTION":
    case "REST":
      throw new Error("TODO");
    case "CELL": {
      const cell = cells[geometry.cell];
      if (cell === undefined) {
        const path = ["layout", "regions", index, "geometry", "cell"];
        throw new InvalidInputError("OUT_OF_RANGE", path, geometry.cell, "must be a cell of the layout's grid");
      }
      const { x, y, right, bottom } = cell;
      return rectangleMask(
        { left: x * width, top: y * height, right: right * width, bottom: bottom * height },
        width,
        height,
      );
    }
  }
}

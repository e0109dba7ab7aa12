/** From a layout to weight maps: geometry to masks, masks to weights. */

import { nth } from "../../elements.ts";
import { type Blend, blend, type MaskedRegion } from "./blend.ts";
import { restMask } from "../masks/combine.ts";
import { feather, gaussianKernel } from "../masks/feather.ts";
import { gridCells } from "../masks/grid.ts";
import type { Holes, Layout } from "../layout.ts";
import { EMPTY_MASK, type Mask } from "../masks/mask.ts";
import { type MaskImages, NO_IMAGES } from "../masks/mask_image.ts";
import type { Canvas } from "../shapes/kind.ts";
import { shapeMask } from "../shapes/shape_mask.ts";
import { kernelWeightMaps } from "./kernel_maps.ts";
import { assertSize, type LatentSize, type WeightMaps } from "./levels.ts";

export { type LatentSize, weightMapLevels, type WeightMaps } from "./levels.ts";

/**
 * The weight maps [regions + 1, height / factor, width / factor] of a layout at latent size.
 *
 * @throws {InvalidInputError} UNCOVERED at layout.holes, if the holes policy is ERROR and the active regions leave more
 *   than 1e-6 of the canvas uncovered. A layout without regions is a plain picture and has no holes. INVALID_GEOMETRY at a painted mask's asset,
 *   if `images` lacks it.
 * @throws {RangeError} if the size is not made of positive whole numbers.
 */
export function compileWeightMaps(layout: Layout, size: LatentSize, options: MaskOptions = {}): WeightMaps {
  assertSize(size);
  return kernelWeightMaps(layout, size, canvasOf(layout, size, options), paintingRegions(layout, options)) ??
    exactWeightMaps(layout, size, options);
}

/**
 * The same without the kernels of `wasm/`, in 64 bits and pixel by pixel: what they are tested against, and what does
 * their work where they cannot.
 *
 * @throws {InvalidInputError} As `compileWeightMaps`.
 * @throws {RangeError} As `compileWeightMaps`.
 */
export function exactWeightMaps(layout: Layout, size: LatentSize, options: MaskOptions = {}): WeightMaps {
  return blendLayout(layout, regionMasks(layout, size, options), size, layout.holes).maps;
}

/** What masks are made of beside the layout. */
export interface MaskOptions {
  /** Which regions paint; the others have an empty mask. Default: those that are enabled. */
  readonly active?: readonly boolean[];
  /** The images of painted masks, by asset. */
  readonly images?: MaskImages;
}

/**
 * The mask of each region in pixels, after feathering; empty for those that are not active. The rest is what the masks
 * of the other active regions leave, feathers and all.
 *
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask's asset, if `images` lacks it and the region is active.
 */
export function regionMasks(
  layout: Layout,
  size: Pick<LatentSize, "width" | "height">,
  options: MaskOptions = {},
): readonly Mask[] {
  const { width, height } = size;
  const canvas = canvasOf(layout, size, options);
  const paints = paintingRegions(layout, options);
  const shapes = layout.regions.map(({ geometry, feather: softness }, i): Mask => {
    if (paints[i] !== true || geometry.kind === "REST") return EMPTY_MASK;
    const mask = shapeMask(geometry, canvas, ["layout", "regions", i, "geometry"]);
    const sigma = softness * Math.min(width, height);
    return sigma === 0 ? mask : feather(mask, gaussianKernel(sigma), width, height);
  });
  return layout.regions.map(({ geometry }, i) =>
    paints[i] === true && geometry.kind === "REST" ? restMask(shapes, width, height) : nth(shapes, i)
  );
}

function canvasOf(
  { grid }: Layout,
  { width, height }: Pick<LatentSize, "width" | "height">,
  { images = NO_IMAGES }: MaskOptions,
): Canvas {
  return { width, height, cells: grid === null ? [] : gridCells(grid), images };
}

function paintingRegions({ regions }: Layout, { active }: MaskOptions): readonly boolean[] {
  return regions.map(({ enabled }, i) => active?.[i] ?? enabled);
}

/** Blends a layout's masks under its own overlap rule and the given hole rule. */
export function blendLayout(layout: Layout, masks: readonly Mask[], size: LatentSize, holes: Holes): Blend {
  const regions = layout.regions.map(({ weight, baseRatio, z }, i): MaskedRegion => ({
    mask: nth(masks, i),
    weight,
    baseRatio,
    z,
  }));
  return blend(regions, { overlap: layout.overlap, holes: regions.length === 0 ? "BASE" : holes }, size);
}

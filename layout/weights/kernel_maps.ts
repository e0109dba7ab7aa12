/** From a layout to weight maps by the kernels of `wasm/`: what they are given, and when the twin has to decide. */

import { composeMaps } from "../../wasm/compose.ts";
import type { KernelBlur, KernelRegion } from "../../wasm/shapes.ts";
import { COVERED } from "./blend.ts";
import { feather, gaussianKernel } from "../masks/feather.ts";
import type { Layout, Region } from "../layout.ts";
import type { LatentSize, WeightMaps } from "./levels.ts";
import type { Mask } from "../masks/mask.ts";
import { frontToBack } from "./policies.ts";
import type { Canvas } from "../shapes/kind.ts";
import { shapeKind } from "../shapes/list.ts";
import { shapeMask } from "../shapes/shape_mask.ts";

/**
 * The weight maps of a layout, or null where its twin, `exactWeightMaps`, has to make them: without the kernels; where
 * there are holes and the nearest region gets them; and where holes may be too large for the policy ERROR.
 *
 * @param paints Which regions paint.
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask's asset, if `canvas` lacks its image.
 */
export function kernelWeightMaps(
  layout: Layout,
  size: LatentSize,
  canvas: Canvas,
  paints: readonly boolean[],
): WeightMaps | null {
  const { regions, overlap, holes } = layout;
  if (regions.length === 0) return null;
  const order = overlap === "Z_ORDER" ? frontToBack(regions.map(({ z }) => z)) : null;
  const given = regions.map((region, i) => kernelRegion(region, i, paints[i] ?? false, canvas));
  const composed = composeMaps(given, { frontToBack: order }, size);
  if (composed === null) return null;
  if (holes === "NEAREST" && composed.uncovered > 0) return null;
  // The twin measures more finely, and its error names the share.
  if (holes === "ERROR" && composed.uncovered > COVERED / 2) return null;
  return {
    count: regions.length + 1,
    width: Math.ceil(size.width / size.factor),
    height: Math.ceil(size.height / size.factor),
    data: composed.maps,
  };
}

function kernelRegion(region: Region, index: number, paints: boolean, canvas: Canvas): KernelRegion {
  const { weight, baseRatio } = region;
  if (!paints) return { shape: { kind: "EMPTY" }, blur: null, weight, baseRatio };
  const sigma = region.feather * Math.min(canvas.width, canvas.height);
  const blur = sigma === 0 ? null : { sigma, taps: gaussianKernel(sigma) };
  return { ...shaped(region, index, blur, canvas), weight, baseRatio };
}

function shaped(
  { geometry }: Region,
  index: number,
  blur: KernelBlur | null,
  canvas: Canvas,
): Pick<KernelRegion, "shape" | "blur"> {
  if (geometry.kind === "REST") return { shape: { kind: "REST" }, blur: null };
  const shape = shapeKind(geometry).kernel?.(geometry, canvas);
  if (shape !== undefined) return { shape, blur };
  return drawn(shapeMask(geometry, canvas, ["layout", "regions", index, "geometry"]), blur, canvas);
}

/** Products are feathered here: two lines take no time. */
function drawn(mask: Mask, blur: KernelBlur | null, { width, height }: Canvas): Pick<KernelRegion, "shape" | "blur"> {
  if (mask.kind === "PIXELS" || blur === null) return { shape: mask, blur };
  return { shape: feather(mask, blur.taps, width, height), blur: null };
}

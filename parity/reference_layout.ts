/** Turns the reference layouts of `weight-maps.json` into what `blend` takes. */

import type { BlendRules, MaskedRegion } from "../layout/blend.ts";
import { boxKernel, feather, gaussianKernel } from "../layout/feather.ts";
import type { Holes, Overlap } from "../layout/layout.ts";
import { EMPTY_MASK, type Mask } from "../layout/mask.ts";
import { polygonMask, rectangleMask } from "../layout/rasterize.ts";
import { parseRatios } from "../layout/ratios.ts";

type Shape =
  | { readonly shape: "rect"; readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number }
  | { readonly shape: "polygon"; readonly points: readonly (readonly [number, number])[] }
  | { readonly shape: "column" | "row"; readonly ratios: readonly number[]; readonly index: number };

type ReferenceRegion = Shape & {
  readonly weight?: number;
  readonly base_ratio?: number;
  readonly z?: number;
  readonly inactive?: boolean;
  readonly feather?: { readonly kernel: "box" | "gaussian"; readonly px: number };
};

/** A layout with the weights it must have; geometry in fractions of the picture. */
export interface ReferenceLayout {
  readonly name: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly overlap: Overlap;
  readonly holes: Holes;
  readonly regions: readonly ReferenceRegion[];
  /** Weights of all maps at single pixels. */
  readonly probes?: readonly { readonly x: number; readonly y: number; readonly w: readonly number[] }[];
  /** Mean over all pixels, by map. */
  readonly mean?: readonly number[];
  /** Set if the layout must be rejected, which leaves `uncovered_share` of the picture bare. */
  readonly error?: string;
  readonly uncovered_share?: number;
}

/** The regions with their masks in pixels. */
export function referenceRegions(layout: ReferenceLayout): MaskedRegion[] {
  return layout.regions.map((region) => ({
    mask: region.inactive ? EMPTY_MASK : referenceMask(region, layout.width, layout.height),
    weight: region.weight ?? 1,
    baseRatio: region.base_ratio ?? 0,
    z: region.z ?? 0,
  }));
}

/** How regions share pixels. */
export function referenceRules({ overlap, holes }: ReferenceLayout): BlendRules {
  return { overlap, holes };
}

function referenceMask(region: ReferenceRegion, width: number, height: number): Mask {
  const mask = shapeMask(region, width, height);
  if (region.feather === undefined) return mask;
  const { kernel, px } = region.feather;
  return feather(mask, kernel === "box" ? boxKernel(px) : gaussianKernel(px), width, height);
}

function shapeMask(shape: Shape, width: number, height: number): Mask {
  const rectangle = (x0: number, y0: number, x1: number, y1: number) =>
    rectangleMask({ left: x0 * width, top: y0 * height, right: x1 * width, bottom: y1 * height }, width, height);
  switch (shape.shape) {
    case "rect":
      return rectangle(shape.x0, shape.y0, shape.x1, shape.y1);
    case "polygon":
      return polygonMask(shape.points.map(([x, y]) => ({ x: x * width, y: y * height })), width, height);
    case "column":
    case "row": {
      const direction = shape.shape === "column" ? "COLUMNS" : "ROWS";
      const cell = parseRatios(shape.ratios.join(","), direction)[shape.index];
      if (cell === undefined) throw new RangeError(`Cannot find cell ${shape.index} of ${shape.ratios.length}`);
      return rectangle(cell.x, cell.y, cell.right, cell.bottom);
    }
  }
}

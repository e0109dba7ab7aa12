// deno-lint-ignore-file no-non-null-assertion
/** Turns the reference layouts of `weight-maps.json` into what `blend` takes. */

import { type BlendRules, type MaskedRegion } from "../../layout/blend.ts";
import { boxKernel, feather, gaussianKernel } from "../../layout/feather.ts";
import type { Holes, Overlap } from "../../layout/layout.ts";
import { EMPTY_MASK, type Mask } from "../../layout/mask.ts";
import { polygonMask, rectangleMask } from "../../layout/rasterize.ts";
import { parseRatios } from "../../layout/ratios.ts";

type Shape =
  | { shape: "rect"; x0: number; y0: number; x1: number; y1: number }
  | { shape: "polygon"; points: [number, number][] }
  | { shape: "column" | "row"; ratios: number[]; index: number };

type ReferenceRegion = Shape & {
  weight?: number;
  base_ratio?: number;
  z?: number;
  inactive?: boolean;
  feather?: { kernel: "box" | "gaussian"; px: number };
};

export interface ReferenceLayout {
  name: string;
  width: number;
  height: number;
  overlap: Overlap;
  holes: Holes;
  regions: ReferenceRegion[];
  probes?: { x: number; y: number; w: number[] }[];
  mean?: number[];
  error?: string;
  uncovered_share?: number;
}

export function referenceRegions(layout: ReferenceLayout): MaskedRegion[] {
  return layout.regions.map((region) => ({
    mask: region.inactive ? EMPTY_MASK : referenceMask(region, layout.width, layout.height),
    weight: region.weight ?? 1,
    baseRatio: region.base_ratio ?? 0,
    z: region.z ?? 0,
  }));
}

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
      const cell = parseRatios(shape.ratios.join(","), direction)[shape.index]!;
      return rectangle(cell.x, cell.y, cell.right, cell.bottom);
    }
  }
}

/** Turns the reference layouts of `weight-maps.json` into what `blend` takes. */

import type { BlendRules, MaskedRegion } from "../../layout/weights/blend.ts";
import { boxKernel, feather, gaussianKernel } from "../../layout/masks/feather.ts";
import type { GeometrySpec, Holes, Layout, Overlap } from "../../layout/layout.ts";
import { EMPTY_MASK, type Mask } from "../../layout/masks/mask.ts";
import { polygonMask, rectangleMask } from "../../layout/masks/rasterize.ts";
import { type Cell, parseRatios } from "../../layout/masks/ratios.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

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

/**
 * The same layout as callers send it; null where they cannot say it: a box in place of a Gaussian feather, or a shape
 * that leaves the canvas.
 */
export function referenceAsLayout(reference: ReferenceLayout): Layout | null {
  const { width, height, overlap, holes } = reference;
  if (reference.regions.some(({ feather }) => feather?.kernel === "box")) return null;
  const regions = reference.regions.map((region) => ({
    prompt: "",
    geometry: referenceGeometry(region),
    weight: region.weight ?? 1,
    baseRatio: region.base_ratio ?? 0,
    z: region.z ?? 0,
    feather: (region.feather?.px ?? 0) / Math.min(width, height),
    enabled: region.inactive !== true,
  }));
  const resolution = resolveLayout({ overlap, holes, regions }, { maxRegions: regions.length });
  return "layout" in resolution ? resolution.layout : null;
}

function referenceGeometry(shape: Shape): GeometrySpec {
  switch (shape.shape) {
    case "rect": {
      const { x0, y0, x1, y1 } = shape;
      return { rectangle: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } };
    }
    case "polygon":
      return { polygon: { points: shape.points.map(([x, y]) => ({ x, y })) } };
    case "column":
    case "row": {
      const { x, y, width, height } = referenceCell(shape);
      return { rectangle: { x, y, width, height } };
    }
  }
}

function referenceCell({ shape, ratios, index }: Extract<Shape, { readonly ratios: unknown }>): Cell {
  const cell = parseRatios(ratios.join(","), shape === "column" ? "COLUMNS" : "ROWS")[index];
  if (cell === undefined) throw new RangeError(`Cannot find cell ${index} of ${ratios.length}`);
  return cell;
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
      const cell = referenceCell(shape);
      return rectangle(cell.x, cell.y, cell.right, cell.bottom);
    }
  }
}

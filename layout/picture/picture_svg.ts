/** The picture of a layout as SVG: the same colours as `picture.ts`, from real shapes. */

import { double } from "../../elements.ts";
import { COVERED } from "../weights/blend.ts";
import { contourPath } from "../svg/contours.ts";
import { gridCells } from "../masks/grid.ts";
import { labelPlaces } from "./label_places.ts";
import type { Layout } from "../layout.ts";
import { assertSize, type LatentSize, type WeightMaps } from "../weights/levels.ts";
import { type Mask, maximum, writeRow } from "../masks/mask.ts";
import { type MaskImages, NO_IMAGES } from "../masks/mask_image.ts";
import { HATCH, HATCH_ERROR, hex, PAPER } from "./palette.ts";
import { defineShapes, fillColour, fills, outline, type ShownRegion } from "./svg_layers.ts";
import { svgLabel } from "./svg_labels.ts";
import { element } from "../svg/markup.ts";
import { type Area, sheet, type SvgCanvas, wholeArea } from "../svg/canvas.ts";
import { blendLayout, regionMasks } from "../weights/weight_maps.ts";

/** The short edge, in pixels, of the masks by which labels are placed, overlaps counted and nearest regions traced. */
const COARSE = 192;

/**
 * Draws a layout as a self-contained SVG document, without scripts and references to anything outside. Regions are
 * shapes in their colours, mixed as the layout's rules say; feathers are blurs; painted masks are traced in four shades.
 * Holes that stay holes are hatched, in red if the layout's policy rejects them. Regions that are not enabled are not
 * drawn.
 *
 * It takes a browser to show the mixture exactly: the blend modes `plus-lighter` and `darken` are younger than SVG.
 * Where more than 64 pairs of regions hide or outweigh each other it is simplified.
 *
 * @param images The images of painted masks, by asset.
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask's asset, if `images` lacks it.
 * @throws {RangeError} if the size is not made of positive whole numbers.
 */
export function drawLayoutSvg(layout: Layout, width: number, height: number, images: MaskImages = NO_IMAGES): string {
  assertSize({ width, height, factor: 1 });
  const size = coarseSize(width, height);
  const masks = regionMasks(layout, size, { images });
  const holes = layout.holes === "ERROR" ? "BASE" : layout.holes;
  const { maps, uncovered } = blendLayout(layout, masks, size, holes);

  const cells = layout.grid === null ? [] : gridCells(layout.grid);
  const canvas: SvgCanvas = { width, height, cells, images, defs: [], paths: new Map() };
  const shown = layout.regions.flatMap((region, index): ShownRegion[] => {
    const mask = masks[index];
    if (!region.enabled || mask === undefined) return [];
    // What is too fine for the coarse mask may still be seen.
    return [{ ...region, index, area: maximum(mask) === 0 ? wholeArea(canvas) : areaOf(mask, size, canvas) }];
  });
  const parts = [sheet(wholeArea(canvas), hex(PAPER))];
  if (holes === "NEAREST" && uncovered > COVERED) parts.push(...shown.map((region) => ground(region, maps, canvas)));
  else if (uncovered > COVERED && layout.regions.length > 0) parts.push(hatch(canvas, layout.holes === "ERROR"));
  if (shown.length > 0) {
    defineShapes(shown, canvas);
    parts.push(fills(layout, shown, largestSum(masks, size), canvas));
    parts.push(...shown.map((region) => outline(region, layout, shown, canvas)));
  }
  const scale = { x: width / size.width, y: height / size.height };
  labelPlaces(layout, masks, size, holes).forEach((place, i) => {
    if (place === null) return;
    const { x, y, reach, breadth } = place;
    const inPixels = {
      x: x * scale.x,
      y: y * scale.y,
      reach: reach * Math.min(scale.x, scale.y),
      breadth: breadth * scale.x,
    };
    parts.push(svgLabel(layout, i, inPixels, Math.min(width, height)));
  });
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "font-family": "system-ui, sans-serif",
    },
    element("title", {}, "Layout"),
    element("defs", {}, ...canvas.defs),
    ...parts,
  );
}

function coarseSize(width: number, height: number): LatentSize {
  const scale = Math.min(1, COARSE / Math.min(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)), factor: 1 };
}

/** The part of the picture that a coarse mask touches, and a coarse pixel more: fine shapes are not where coarse ones are. */
function areaOf({ bounds }: Mask, { width, height }: LatentSize, canvas: SvgCanvas): Area {
  const across = canvas.width / width, down = canvas.height / height;
  const x = Math.max(0, Math.floor((bounds.left - 1) * across)), y = Math.max(0, Math.floor((bounds.top - 1) * down));
  return {
    x,
    y,
    width: Math.min(canvas.width, Math.ceil((bounds.right + 1) * across)) - x,
    height: Math.min(canvas.height, Math.ceil((bounds.bottom + 1) * down)) - y,
  };
}

/** The largest sum of masks at any pixel, at least 1. */
function largestSum(masks: readonly Mask[], { width, height }: LatentSize): number {
  const row = new Float64Array(width), sums = new Float64Array(width);
  let largest = 1;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (const mask of masks) {
      row.fill(0);
      writeRow(mask, y, row);
      for (let x = 0; x < width; x++) sums[x] = double(sums, x) + double(row, x);
    }
    largest = sums.reduce((a, b) => Math.max(a, b), largest);
  }
  return largest;
}

/** NEAREST: what a region paints beyond its own shape, beneath everything else. */
function ground(region: ShownRegion, maps: WeightMaps, canvas: SvgCanvas): string {
  const { width, height, data } = maps;
  const kept = 1 - region.baseRatio;
  if (kept === 0) return "";
  const values = data.subarray((region.index + 1) * width * height, (region.index + 2) * width * height);
  const scale = { x: canvas.width / width, y: canvas.height / height };
  const fill = fillColour(region);
  // A little too wide, so that nothing shows between neighbours.
  const d = contourPath({ width, height, values }, 0.45 * kept, scale);
  return element("path", { d, "fill-rule": "evenodd", fill, stroke: fill, "stroke-width": Math.max(scale.x, scale.y) });
}

/** Diagonal strokes over the whole picture; regions cover them. */
function hatch(canvas: SvgCanvas, error: boolean): string {
  const { width, height, defs } = canvas;
  const period = Math.max(6, Math.round(Math.min(width, height) / 40)), corner = period / 4;
  const strokes = `M${-corner} ${corner}L${corner} ${-corner}M0 ${period}L${period} 0` +
    `M${period - corner} ${period + corner}L${period + corner} ${period - corner}`;
  const stroke = hex(error ? HATCH_ERROR : HATCH), thickness = period / 4 / Math.SQRT2;
  defs.push(
    element(
      "pattern",
      { id: "hatch", patternUnits: "userSpaceOnUse", width: period, height: period },
      element("path", { d: strokes, stroke, "stroke-width": thickness }),
    ),
  );
  return sheet(wholeArea(canvas), "url(#hatch)");
}

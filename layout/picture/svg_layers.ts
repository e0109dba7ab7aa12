/** The layers of a layout's SVG picture: each region's colour where its share of the canvas is, and its outline. */

import type { Layout, Region } from "../layout.ts";
import { hex, mix, outlineColour, PAPER, regionColour } from "./palette.ts";
import { frontToBack } from "../weights/policies.ts";
import { element } from "../svg/markup.ts";
import { shapeEdges, shapeFill } from "../shapes/shape_svg.ts";
import { type Area, defineMask, sheet, type SvgCanvas, wholeArea } from "../svg/canvas.ts";

/** By how much more the opacity of unequal layers is raised than their number asks for. */
const STEEP = 4;

/** Layers that add up instead of hiding each other; https://www.w3.org/TR/css-compositing-2/ */
const ADD = "mix-blend-mode:plus-lighter";

/** Beyond so many overlapping pairs of regions the exact mixture takes browsers seconds: overlaps are simplified. */
const PAIRS = 64;

/** Opacity of outlines, and of those of what others hide. */
const OUTLINE = 0.85, HIDDEN = 0.3;

/** A region that is drawn, its position in the layout, and the part of the picture outside of which it is not. */
export interface ShownRegion extends Region {
  readonly index: number;
  readonly area: Area;
}

/** A region's fill: its colour, paler by what it leaves to the base. */
export function fillColour({ index, baseRatio }: ShownRegion): string {
  return hex(mix(regionColour(index), PAPER, baseRatio));
}

/** Defines each region's shape twice: `soft-<index>` with its feather, and `hard-<index>` without. */
export function defineShapes(shown: readonly ShownRegion[], canvas: SvgCanvas): void {
  const { defs } = canvas;
  for (const { index, geometry, feather, area } of shown) {
    if (geometry.kind === "REST") continue;
    const sigma = feather * Math.min(canvas.width, canvas.height);
    // A Gaussian is over after three standard deviations.
    const reach = Math.ceil(3 * sigma);
    defs.push(element("g", { id: `hard-${index}` }, shapeFill(geometry, canvas, 0)));
    if (sigma > 0) {
      const blur = element("feGaussianBlur", { stdDeviation: sigma });
      defs.push(filter(`feather-${index}`, beyondBorder(area, canvas, reach), blur));
    }
    const soft = { id: `soft-${index}`, filter: sigma > 0 ? `url(#feather-${index})` : undefined };
    defs.push(element("g", soft, shapeFill(geometry, canvas, reach)));
  }
}

function filter(id: string, area: Area, ...effects: readonly string[]): string {
  return element(
    "filter",
    { id, filterUnits: "userSpaceOnUse", ...area, "color-interpolation-filters": "sRGB" },
    ...effects,
  );
}

/** The area, with `reach` pixels more where it touches the picture's border: shapes are drawn beyond it there. */
function beyondBorder({ x, y, width, height }: Area, canvas: SvgCanvas, reach: number): Area {
  const left = x <= 0 ? -reach : x, top = y <= 0 ? -reach : y;
  const right = x + width + (x + width >= canvas.width ? reach : 0);
  const bottom = y + height + (y + height >= canvas.height ? reach : 0);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A region's coverage in white on nothing; the rest's on black. */
function coverage(region: ShownRegion, shown: readonly ShownRegion[], canvas: SvgCanvas): string {
  if (region.geometry.kind !== "REST") return element("use", { href: `#soft-${region.index}`, fill: "#fff" });
  return uncovered(region, shown.filter((other) => other !== region), canvas);
}

/** In a region's area, white where none of some others is, and black where they are: 1 - min(1, sum of their masks). */
function uncovered(
  { index, area }: ShownRegion,
  others: readonly ShownRegion[],
  canvas: SvgCanvas,
  style?: string,
): string {
  const id = `invert-${index}`;
  if (!canvas.paths.has(id)) {
    const flip = ["R", "G", "B"].map((channel) => element(`feFunc${channel}`, { type: "table", tableValues: "1 0" }));
    canvas.defs.push(filter(id, area, element("feComponentTransfer", {}, ...flip)));
    canvas.paths.set(id, `url(#${id})`);
  }
  const layers = others.filter(({ geometry }) => geometry.kind !== "REST")
    .map((other) => element("use", { href: `#soft-${other.index}`, fill: "#fff", style: ADD }));
  return element("g", { filter: `url(#${id})`, style }, sheet(area, "#000"), ...layers);
}

/** Regions under the layout's overlap rule; `depth` is the largest sum of their masks at any pixel. */
export function fills(layout: Layout, shown: readonly ShownRegion[], depth: number, canvas: SvgCanvas): string {
  return layout.overlap === "Z_ORDER" ? stackedFills(shown, canvas) : sharedFills(shown, depth, canvas);
}

/**
 * Z_ORDER: of each region `min(M, 1 - sum of M in front)`, added up; or, simplified, one over the other, which lets a
 * little of the ground through where soft borders meet.
 */
function stackedFills(shown: readonly ShownRegion[], canvas: SvgCanvas): string {
  if (shown.reduce((sum, region) => sum + inFrontOf(region, shown).length, 0) > PAIRS) {
    const order = frontToBack(shown.map(({ z }) => z)).toReversed().flatMap((i) => shown[i] ?? []);
    return order.map((region) => {
      const mask = defineMask(canvas, region.area, () => [coverage(region, shown, canvas)]);
      return element("g", { mask }, sheet(region.area, fillColour(region)));
    }).join("");
  }
  const layers = shown.map((region) => {
    const front = inFrontOf(region, shown);
    const mask = defineMask(canvas, region.area, () => [
      sheet(region.area, "#000"),
      coverage(region, shown, canvas),
      ...(front.length === 0 ? [] : [uncovered(region, front, canvas, "mix-blend-mode:darken")]),
    ]);
    return element("g", { mask, style: ADD }, sheet(region.area, fillColour(region)));
  });
  return element("g", { style: "isolation:isolate" }, ...layers);
}

/**
 * NORMALIZE: colours are added up, then divided by the sum of their shares, which is what raising the opacity of a
 * premultiplied sum does. A lighter region has less of its mask where a heavier one is. That sum is then not the
 * coverage, so a mask of the coverage cuts it out; where three regions of different weights meet, shares are near.
 * Simplified, regions that overlap share equally.
 */
function sharedFills(shown: readonly ShownRegion[], depth: number, canvas: SvgCanvas): string {
  const exact = shown.reduce((sum, region) => sum + heavierThan(region, shown).length, 0) <= PAIRS;
  const layers = shown.map((region) => {
    const mask = defineMask(canvas, region.area, () => [
      coverage(region, shown, canvas),
      ...(exact ? heavier(region, shown) : []),
    ]);
    return element("g", { mask, opacity: String(1 / depth), style: ADD }, sheet(region.area, fillColour(region)));
  });
  const even = shown.every(({ weight }) => weight === shown[0]?.weight);
  const slope = even ? depth : STEEP * depth;
  const raise = element("feFuncA", { type: "linear", slope: String(slope) });
  canvas.defs.push(filter("raise", wholeArea(canvas), element("feComponentTransfer", {}, raise)));
  const sum = element("g", { filter: slope > 1 ? "url(#raise)" : undefined, style: "isolation:isolate" }, ...layers);
  if (even) return sum;
  const covered = defineMask(
    canvas,
    wholeArea(canvas),
    () => shown.map((region) => element("g", { style: ADD }, coverage(region, shown, canvas))),
  );
  return element("g", { mask: covered }, sum);
}

/** Black where heavier regions take some of a region's share. The rest only meets others at soft borders: left out. */
function heavier(region: ShownRegion, shown: readonly ShownRegion[]): readonly string[] {
  return heavierThan(region, shown).map((other) => {
    const opacity = String(1 - region.weight / other.weight);
    return element("g", { opacity }, element("use", { href: `#soft-${other.index}`, fill: "#000" }));
  });
}

function heavierThan({ weight, area }: ShownRegion, shown: readonly ShownRegion[]): readonly ShownRegion[] {
  return shown.filter((other) => other.weight > weight && other.geometry.kind !== "REST" && meet(other.area, area));
}

/** What hides parts of a region under Z_ORDER. The rest hides nothing, and nothing hides it: it is where nothing is. */
function inFrontOf(region: ShownRegion, shown: readonly ShownRegion[]): readonly ShownRegion[] {
  if (region.geometry.kind === "REST") return [];
  const order = frontToBack(shown.map(({ z }) => z)).flatMap((i) => shown[i] ?? []);
  return order.slice(0, order.indexOf(region))
    .filter(({ geometry, area }) => geometry.kind !== "REST" && meet(area, region.area));
}

function meet(a: Area, b: Area): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** A line along the inside of a region's border, faint where others hide it. */
export function outline(region: ShownRegion, layout: Layout, shown: readonly ShownRegion[], canvas: SvgCanvas): string {
  const thickness = Math.max(1, Math.round(Math.min(canvas.width, canvas.height) / 300));
  const others = shown.filter((other) => other !== region);
  const lines = region.geometry.kind === "REST"
    ? [
      sheet(region.area, "none"),
      ...others.flatMap(({ geometry }) => geometry.kind === "REST" ? [] : [shapeEdges(geometry, canvas)]),
    ]
    : [shapeEdges(region.geometry, canvas)];
  const own = () =>
    region.geometry.kind === "REST"
      ? [sheet(region.area, "#fff"), ...hard(others, "#000")]
      : [...hard([region], "#fff")];
  const stroke = { fill: "none", stroke: hex(outlineColour(region.index)), "stroke-width": 2 * thickness };
  const drawn = (opacity: number, content: () => readonly string[]) =>
    element("g", { ...stroke, opacity, mask: defineMask(canvas, region.area, content) }, ...lines);
  const front = layout.overlap === "Z_ORDER" ? inFrontOf(region, shown) : [];
  if (front.length === 0) return drawn(OUTLINE, own);
  return drawn(HIDDEN, own) + drawn(OUTLINE, () => [...own(), ...hard(front, "#000")]);
}

function hard(regions: readonly ShownRegion[], fill: string): readonly string[] {
  return regions.filter(({ geometry }) => geometry.kind !== "REST")
    .map(({ index }) => element("use", { href: `#hard-${index}`, fill }));
}

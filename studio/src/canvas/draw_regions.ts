/** Regions as the canvas shows them: fills that mix where they overlap, outlines, hatched holes, dotted overlaps. */

import type { GeometryInput } from "../api/generated.ts";
import { HATCH, HATCH_ERROR, hex, outlineColour, regionColour } from "../../../layout/picture/palette.ts";
import type { DraftLayout } from "../draft/draft.ts";
import type { Box } from "../draft/geometry.ts";
import { bitmapOf, canvasOf, fillCoverage, inColour, pathOf, type Size, softBitmapOf, tinted } from "./shape_paths.ts";

/** What is drawn, in CSS pixels of the picture on the page. */
export interface Scene {
  readonly layout: DraftLayout;
  readonly places: readonly (GeometryInput | null)[];
  readonly cells: readonly Box[];
  /** Indexes, those in front last. */
  readonly order: readonly number[];
  readonly selected: ReadonlySet<string>;
  /** Whether there is a picture below, which is to be seen. */
  readonly overPicture: boolean;
  /** Pairs of regions that share a part of the canvas, as the dry run has found. */
  readonly overlaps: readonly (readonly [number, number])[];
  readonly size: Size;
  readonly pixelRatio: number;
}

/** Opacity of fills, over nothing and over a picture. */
const FILL = 0.55, OVER_PICTURE = 0.16;

/** Draws a scene with the picture's top left corner at the context's origin. */
export function drawRegions(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, size, overPicture } = scene;
  context.save();
  context.beginPath();
  context.rect(0, 0, size.width, size.height);
  context.clip();
  drawHoles(context, scene);
  for (const index of scene.order) {
    const region = layout.regions[index], place = scene.places[index];
    if (!region || !place || region.enabled === false) continue;
    const soft = region.feather ?? 0;
    if (layout.overlap === "Z_ORDER") fillRegion(context, scene, place, "#000", 1, soft, "destination-out");
    fillRegion(context, scene, place, hex(regionColour(index)), overPicture ? OVER_PICTURE : FILL, soft);
  }
  drawOverlaps(context, scene);
  for (const index of scene.order) drawOutline(context, scene, index);
  context.restore();
}

function fillRegion(
  context: CanvasRenderingContext2D,
  scene: Scene,
  place: GeometryInput,
  colour: string,
  opacity: number,
  soft: number,
  operation: GlobalCompositeOperation = "source-over",
): void {
  const { cells, size, pixelRatio } = scene;
  const path = soft > 0 ? null : pathOf(place, cells, size);
  context.save();
  context.globalAlpha = opacity;
  context.globalCompositeOperation = operation;
  context.fillStyle = colour;
  if (path !== null) context.fill(path, "evenodd");
  else if (!place.words) {
    const area = scaled(size, pixelRatio);
    const bitmap = place.rest
      ? tinted(restOf(scene), colour)
      : soft > 0
      ? inColour(softBitmapOf(place, beyondBorder(place, cells, soft), cells, area, soft), colour)
      : inColour(bitmapOf(place, cells, area).coverage, colour);
    context.drawImage(bitmap, 0, 0, size.width, size.height);
  }
  context.restore();
}

/** Borders that lie on the canvas's edge are not softened: such rectangles go on beyond it. */
function beyondBorder(place: GeometryInput, cells: readonly Box[], soft: number): GeometryInput {
  const box = place.rectangle ?? (place.cell === undefined ? undefined : cells[place.cell]);
  if (!box) return place;
  const reach = 4 * soft;
  const left = box.x <= 0 ? box.x - reach : box.x, top = box.y <= 0 ? box.y - reach : box.y;
  const right = box.x + box.width, bottom = box.y + box.height;
  return {
    rectangle: {
      x: left,
      y: top,
      width: (right >= 1 ? right + reach : right) - left,
      height: (bottom >= 1 ? bottom + reach : bottom) - top,
    },
  };
}

/** What no region that is switched on covers, white on nothing. */
function restOf({ layout, places, cells, size, pixelRatio }: Scene): HTMLCanvasElement {
  const area = scaled(size, pixelRatio);
  return canvasOf(area, (context) => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, area.width, area.height);
    context.globalCompositeOperation = "destination-out";
    layout.regions.forEach((region, i) => {
      const place = places[i];
      if (place && region.enabled !== false && !place.rest) fillCoverage(context, place, cells, area);
    });
  });
}

const HATCHED = 9;

/** Hatches what nobody paints but the base, in red if that is an error. Nothing else may have been drawn before. */
function drawHoles(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, places, cells, size } = scene;
  if (layout.holes === "NEAREST" || layout.regions.length === 0 || fullGrid(scene)) return;
  if (places.some((place, i) => place?.rest && layout.regions[i]?.enabled !== false)) return;
  context.save();
  context.globalAlpha = scene.overPicture ? 0.5 : 1;
  context.fillStyle = hatching(hex(layout.holes === "ERROR" ? HATCH_ERROR : HATCH), context);
  context.fillRect(0, 0, size.width, size.height);
  context.globalAlpha = 1;
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = "#000";
  places.forEach((place, i) => {
    if (place && layout.regions[i]?.enabled !== false) fillCoverage(context, place, cells, size);
  });
  context.restore();
}

/** Whether the grid's cells, all of them taken, leave nothing: so most layouts are known to have no holes. */
function fullGrid({ layout, places, cells }: Scene): boolean {
  const taken = new Set(places.flatMap((place, i) => layout.regions[i]?.enabled === false ? [] : place?.cell ?? []));
  return cells.length > 0 && taken.size === cells.length;
}

const hatchings = new Map<string, HTMLCanvasElement>();

function hatching(colour: string, context: CanvasRenderingContext2D): CanvasPattern | string {
  const tile = hatchings.get(colour) ?? canvasOf({ width: HATCHED, height: HATCHED }, (painter) => {
    painter.strokeStyle = colour;
    painter.lineWidth = 2;
    painter.beginPath();
    for (const shift of [-HATCHED, 0, HATCHED]) {
      painter.moveTo(shift - 1, HATCHED + 1);
      painter.lineTo(shift + HATCHED + 1, -1);
    }
    painter.stroke();
  });
  hatchings.set(colour, tile);
  return context.createPattern(tile, "repeat") ?? colour;
}

/** Dots where two regions share the canvas by their weights; none on a picture, which they would spoil. */
function drawOverlaps(context: CanvasRenderingContext2D, scene: Scene): void {
  const { overlaps, overPicture, places, cells, size } = scene;
  if (overlaps.length === 0 || overPicture) return;
  const shared = canvasOf(size, (painter) => {
    for (const [a, b] of overlaps) {
      const first = places[a], second = places[b];
      if (!first || !second) continue;
      const both = canvasOf(size, (pair) => {
        pair.fillStyle = "#fff";
        fillCoverage(pair, first, cells, size);
        pair.globalCompositeOperation = "destination-in";
        pair.drawImage(
          canvasOf(size, (other) => {
            other.fillStyle = "#fff";
            fillCoverage(other, second, cells, size);
          }),
          0,
          0,
        );
      });
      painter.drawImage(both, 0, 0);
    }
    painter.globalCompositeOperation = "source-in";
    painter.fillStyle = dots(painter);
    painter.fillRect(0, 0, size.width, size.height);
  });
  context.drawImage(shared, 0, 0, size.width, size.height);
}

function dots(context: CanvasRenderingContext2D): CanvasPattern | string {
  const tile = canvasOf({ width: 8, height: 8 }, (painter) => {
    painter.fillStyle = "rgb(34 34 46 / 55%)";
    painter.fillRect(1, 1, 2, 2);
    painter.fillRect(5, 5, 2, 2);
  });
  return context.createPattern(tile, "repeat") ?? "transparent";
}

/** A line along the border, on a light halo that keeps it to be seen on any picture; dashed if switched off. */
function drawOutline(context: CanvasRenderingContext2D, scene: Scene, index: number): void {
  const { layout, places, cells, size, selected, overPicture, pixelRatio } = scene;
  const region = layout.regions[index], place = places[index];
  if (!region || !place || place.rest || place.words) return;
  const isSelected = selected.has(region.key);
  const path = pathOf(place, cells, size);
  const colour = hex(outlineColour(index));
  context.save();
  if (region.enabled === false) {
    context.setLineDash([5, 5]);
    context.globalAlpha = 0.8;
  }
  if (path === null) {
    context.drawImage(
      inColour(bitmapOf(place, cells, scaled(size, pixelRatio)).border, colour),
      0,
      0,
      size.width,
      size.height,
    );
  } else {
    context.lineJoin = "round";
    if (overPicture || isSelected) {
      context.strokeStyle = "rgb(255 255 255 / 75%)";
      context.lineWidth = isSelected ? 6 : 4;
      context.stroke(path);
    }
    context.strokeStyle = colour;
    context.lineWidth = isSelected ? 3 : 2;
    context.stroke(path);
  }
  context.restore();
}

function scaled({ width, height }: Size, by: number): Size {
  return { width: width * by, height: height * by };
}

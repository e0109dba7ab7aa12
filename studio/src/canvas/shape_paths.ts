/** Geometries as drawings: paths where one path says it all, else bitmaps of what they cover. */

import type { GeometryInput } from "../api/generated.ts";
import type { Box, Point } from "../draft/geometry.ts";
import { maskCoverage, masksLoaded } from "./mask_images.ts";

/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The path of a simple shape at a size; null for what takes more than one, or an image. */
export function pathOf(geometry: GeometryInput, cells: readonly Box[], { width, height }: Size): Path2D | null {
  const path = new Path2D();
  const box = geometry.rectangle ?? (geometry.cell === undefined ? undefined : cells[geometry.cell]);
  if (box) path.rect(box.x * width, box.y * height, box.width * width, box.height * height);
  else if (geometry.ellipse) {
    const { cx, cy, rx, ry } = geometry.ellipse;
    path.ellipse(cx * width, cy * height, rx * width, ry * height, 0, 0, 2 * Math.PI);
  } else if (geometry.polygon) {
    for (const ring of [geometry.polygon.points, ...(geometry.polygon.holes ?? [])]) addRing(path, ring, width, height);
  } else return null;
  return path;
}

function addRing(path: Path2D, ring: readonly Point[], width: number, height: number): void {
  ring.forEach(({ x, y }, i) => i === 0 ? path.moveTo(x * width, y * height) : path.lineTo(x * width, y * height));
  path.closePath();
}

/** Fills what a geometry covers with the context's fill style; masks and compounds are white. */
export function fillCoverage(
  context: CanvasRenderingContext2D,
  geometry: GeometryInput,
  cells: readonly Box[],
  size: Size,
): void {
  const path = pathOf(geometry, cells, size);
  if (path !== null) context.fill(path, "evenodd");
  else if (geometry.mask) {
    const image = maskCoverage(geometry.mask);
    if (image !== null) context.drawImage(image, 0, 0, size.width, size.height);
  } else if (geometry.union) { for (const part of geometry.union) fillCoverage(context, part, cells, size); }
  else if (geometry.subtraction) {
    context.drawImage(bitmapOf(geometry, cells, size).coverage, 0, 0, size.width, size.height);
  }
}

/** What a geometry covers, and the line along the inside of its border, both white on nothing. */
export interface Bitmap {
  readonly coverage: HTMLCanvasElement;
  readonly border: HTMLCanvasElement;
}

interface Kept extends Bitmap {
  readonly cells: readonly Box[];
  readonly size: Size;
  readonly loaded: number;
}

/** Bitmaps are no larger than this: outlines of masks and compounds are as crisp as that. */
const LARGEST = 1200;

const kept = new WeakMap<GeometryInput, Kept>();

/** The bitmap of a geometry at a size, drawn once for as long as it is the same. */
export function bitmapOf(geometry: GeometryInput, cells: readonly Box[], whole: Size): Bitmap {
  const scale = Math.min(1, LARGEST / Math.max(whole.width, whole.height));
  const size = {
    width: Math.max(1, Math.round(whole.width * scale)),
    height: Math.max(1, Math.round(whole.height * scale)),
  };
  const known = kept.get(geometry);
  const loaded = masksLoaded.peek();
  if (
    known && known.cells === cells && known.loaded === loaded && known.size.width === size.width &&
    known.size.height === size.height
  ) return known;
  const coverage = canvasOf(size, (context) => {
    context.fillStyle = "#fff";
    if (geometry.subtraction) {
      fillCoverage(context, geometry.subtraction.from, cells, size);
      context.globalCompositeOperation = "destination-out";
      for (const part of geometry.subtraction.subtract) fillCoverage(context, part, cells, size);
    } else fillCoverage(context, geometry, cells, size);
  });
  const bitmap = { coverage, border: borderOf(coverage), cells, size, loaded };
  kept.set(geometry, bitmap);
  return bitmap;
}

const coloured = new WeakMap<HTMLCanvasElement, Map<string, HTMLCanvasElement>>();

/** A bitmap that does not change any more in another colour. */
export function inColour(bitmap: HTMLCanvasElement, colour: string): HTMLCanvasElement {
  const known = coloured.get(bitmap) ?? new Map<string, HTMLCanvasElement>();
  coloured.set(bitmap, known);
  const found = known.get(colour) ?? tinted(bitmap, colour);
  known.set(colour, found);
  return found;
}

/** A copy of a bitmap in another colour. */
export function tinted(bitmap: HTMLCanvasElement, colour: string): HTMLCanvasElement {
  return canvasOf(bitmap, (context) => {
    context.drawImage(bitmap, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour;
    context.fillRect(0, 0, bitmap.width, bitmap.height);
  });
}

interface Softened {
  readonly cells: readonly Box[];
  readonly size: Size;
  readonly soft: number;
  readonly loaded: number;
  readonly coverage: HTMLCanvasElement;
}

const softened = new WeakMap<GeometryInput, Softened>();

/** Soft borders need no more pixels than these. */
const LARGEST_SOFT = 640;

/**
 * What a geometry covers with a soft border, white on nothing, drawn once for as long as it is the same.
 *
 * @param soft Standard deviation of the border, as a fraction of the short edge.
 * @param drawn The geometry that is filled: the same, or one that goes on beyond the canvas.
 */
export function softBitmapOf(
  geometry: GeometryInput,
  drawn: GeometryInput,
  cells: readonly Box[],
  whole: Size,
  soft: number,
): HTMLCanvasElement {
  const scale = Math.min(1, LARGEST_SOFT / Math.max(whole.width, whole.height));
  const size = { width: Math.round(whole.width * scale), height: Math.round(whole.height * scale) };
  const known = softened.get(geometry);
  const loaded = masksLoaded.peek();
  if (
    known && known.cells === cells && known.loaded === loaded && known.soft === soft &&
    known.size.width === size.width && known.size.height === size.height
  ) return known.coverage;
  const coverage = canvasOf(size, (context) => {
    context.fillStyle = "#fff";
    // Browsers without filters draw it crisp.
    if ("filter" in context) context.filter = `blur(${soft * Math.min(size.width, size.height)}px)`;
    const path = pathOf(drawn, cells, size);
    if (path !== null) context.fill(path, "evenodd");
    else context.drawImage(bitmapOf(geometry, cells, size).coverage, 0, 0, size.width, size.height);
  });
  softened.set(geometry, { cells, size, soft, loaded, coverage });
  return coverage;
}

/** A new canvas with something drawn on it. */
export function canvasOf(
  { width, height }: Size,
  draw: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no canvas");
  draw(context);
  return canvas;
}

const AROUND = [[-1, -1], [0, -1], [1, -1], [-1, 0], [1, 0], [-1, 1], [0, 1], [1, 1]] as const;

/** Coverage, less what is still covered two pixels further in whichever direction. */
function borderOf(coverage: HTMLCanvasElement): HTMLCanvasElement {
  const inner = canvasOf(coverage, (context) => {
    context.drawImage(coverage, 0, 0);
    context.globalCompositeOperation = "destination-in";
    for (const [x, y] of AROUND) context.drawImage(coverage, 2 * x, 2 * y);
  });
  return canvasOf(coverage, (context) => {
    context.drawImage(coverage, 0, 0);
    context.globalCompositeOperation = "destination-out";
    context.drawImage(inner, 0, 0);
  });
}

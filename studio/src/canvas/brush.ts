/** The brush: strokes on a mask, which becomes a new file at the end of each. */

import { signal } from "@preact/signals";
import { addRegion, withGeometry } from "../draft/arrange.ts";
import { newKey } from "../draft/draft.ts";
import type { Point } from "../draft/geometry.ts";
import { draft, editLayout, selection } from "../draft/store.ts";
import { maskCoverage, rememberMask } from "./mask_images.ts";
import { storeMask } from "./mask_store.ts";
import { canvasOf } from "./shape_paths.ts";
import { brush, note } from "./tool.ts";
import { pictureSize } from "./view.ts";

/** Where the brush is over the canvas, in fractions; null if it is elsewhere, or another tool is at work. */
export const brushAt = signal<Point | null>(null);

/** Counts what was painted of the present stroke. */
export const strokes = signal(0);

/** The long edge of painted masks in pixels: finer than the latents of any picture of its size. */
const LARGEST = 1024;

interface Stroke {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** The region that is painted on. */
  readonly key: string;
  /** Its place in the list, for its colour. */
  readonly index: number;
  last: Point;
}

let stroke: Stroke | null = null;

/** The mask under the present stroke, white on nothing; null between strokes. */
export function painted(): Pick<Stroke, "canvas" | "index"> | null {
  return stroke;
}

/** Begins a stroke on the selected region's mask, or on a new one. */
export function beginStroke(at: Point): void {
  const { regions } = draft.peek().layout;
  const keys = selection.peek();
  const found = keys.length === 1 ? regions.findIndex(({ key, geometry }) => key === keys[0] && geometry?.mask) : -1;
  const mask = regions[found]?.geometry?.mask;
  if (!mask && brush.peek().erases) {
    note.value = "Select a painted region to erase from it";
    return;
  }
  const before = mask ? maskCoverage(mask) : null;
  if (mask && before === null) {
    note.value = "The mask is still being loaded";
    return;
  }
  const canvas = canvasOf(before ?? maskSize(), (context) => before && context.drawImage(before, 0, 0));
  const context = canvas.getContext("2d");
  if (context === null) return;
  stroke = {
    canvas,
    context,
    key: regions[found]?.key ?? newKey(),
    index: found < 0 ? regions.length : found,
    last: at,
  };
  continueStroke(at);
}

/** Paints on to a point. */
export function continueStroke(to: Point): void {
  if (stroke === null) return;
  const { context, canvas: { width, height }, last } = stroke;
  context.globalCompositeOperation = brush.peek().erases ? "destination-out" : "source-over";
  context.strokeStyle = "#fff";
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = Math.max(1, brush.peek().width * Math.min(width, height));
  context.beginPath();
  context.moveTo(last.x * width, last.y * height);
  context.lineTo(to.x * width, to.y * height);
  context.stroke();
  stroke.last = to;
  strokes.value++;
}

/** Ends the stroke: its mask becomes the region's. */
export async function endStroke(): Promise<void> {
  if (stroke === null) return;
  const { canvas, key } = stroke;
  try {
    const asset = await storeMask(await fileOf(canvas));
    rememberMask(asset, canvas);
    const geometry = { mask: { asset } };
    editLayout((layout) =>
      layout.regions.some((region) => region.key === key)
        ? withGeometry(layout, key, geometry)
        : addRegion(layout, geometry, key).layout
    );
    selection.value = [key];
  } catch (error) {
    note.value = `The mask could not be kept: ${error instanceof Error ? error.message : error}`;
  } finally {
    if (stroke?.canvas === canvas) stroke = null;
    strokes.value++;
  }
}

/** Leaves the mask as it was. */
export function forgetStroke(): void {
  stroke = null;
  strokes.value++;
}

function maskSize(): { readonly width: number; readonly height: number } {
  const { width, height } = pictureSize.peek();
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  return { width: width * scale, height: height * scale };
}

/** White on black, as a PNG file. */
export function fileOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const opaque = canvasOf(canvas, (context) => {
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(canvas, 0, 0);
  });
  return new Promise((resolve, reject) =>
    opaque.toBlob((file) => file === null ? reject(new Error("it is too large")) : resolve(file), "image/png")
  );
}

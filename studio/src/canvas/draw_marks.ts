/** What lies above the regions while something is done: guides, boxes, corners, the brush and its stroke. */

import { hex, regionColour } from "../../../layout/picture/palette.ts";
import type { Point } from "../draft/geometry.ts";
import { brushAt, painted, strokes } from "./brush.ts";
import { editedCorners } from "./corner_edits.ts";
import { tinted } from "./shape_paths.ts";
import { brush, corners, drawnBox, guides } from "./tool.ts";
import { frame } from "./view.ts";

const HALO = "rgb(255 255 255 / 85%)", INK = "#1b1d1f", GUIDE = "#c2185b";

/** Reads every signal that {@link drawMarks} draws, so that an effect follows them. */
export function followMarks(): void {
  void [guides.value, drawnBox.value, corners.value, brushAt.value, brush.value, strokes.value, editedCorners.value];
}

/** Draws all that there is; coordinates are CSS pixels of the room. */
export function drawMarks(context: CanvasRenderingContext2D): void {
  const { x, y, width, height } = frame.peek();
  context.save();
  context.translate(x, y);
  const at = (point: Point): Point => ({ x: point.x * width, y: point.y * height });
  drawStroke(context, width, height);
  drawGuides(context, width, height);
  drawBox(context, width, height);
  drawCorners(context, at);
  for (const corner of editedCorners.peek()) drawDot(context, at(corner), 4.5);
  const pointer = brushAt.peek();
  if (pointer !== null) drawRing(context, at(pointer), brush.peek().width * Math.min(width, height) / 2);
  context.restore();
}

function drawStroke(context: CanvasRenderingContext2D, width: number, height: number): void {
  const stroke = painted();
  if (stroke === null) return;
  context.save();
  context.globalAlpha = 0.7;
  context.drawImage(tinted(stroke.canvas, hex(regionColour(stroke.index))), 0, 0, width, height);
  context.restore();
}

function drawGuides(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.save();
  context.strokeStyle = GUIDE;
  context.lineWidth = 1;
  context.setLineDash([6, 3]);
  context.beginPath();
  for (const x of guides.peek().x) {
    context.moveTo(x * width, -12);
    context.lineTo(x * width, height + 12);
  }
  for (const y of guides.peek().y) {
    context.moveTo(-12, y * height);
    context.lineTo(width + 12, y * height);
  }
  context.stroke();
  context.restore();
}

function drawBox(context: CanvasRenderingContext2D, width: number, height: number): void {
  const drawn = drawnBox.peek();
  if (drawn === null) return;
  const { box, kind } = drawn;
  const x = box.x * width, y = box.y * height, w = box.width * width, h = box.height * height;
  context.beginPath();
  if (kind === "ellipse") context.ellipse(x + w / 2, y + h / 2, w / 2, h / 2, 0, 0, 2 * Math.PI);
  else context.rect(x, y, w, h);
  context.save();
  if (kind === "selection") context.setLineDash([4, 4]);
  else {
    context.fillStyle = "rgb(119 170 221 / 35%)";
    context.fill();
  }
  haloed(context, 1.5);
  context.restore();
}

function drawCorners(context: CanvasRenderingContext2D, at: (point: Point) => Point): void {
  const open = corners.peek();
  if (open === null) return;
  context.beginPath();
  for (const point of [...open.points, ...(open.next === null ? [] : [open.next])]) {
    context.lineTo(at(point).x, at(point).y);
  }
  haloed(context, 1.5);
  open.points.forEach((point, i) => drawDot(context, at(point), i === 0 ? 6 : 4));
}

function drawDot(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = "#ffffff";
  context.fill();
  haloed(context, 1.5);
}

function drawRing(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  haloed(context, 1.5);
}

/** Strokes the current path so that it is seen on light and dark. */
function haloed(context: CanvasRenderingContext2D, width: number): void {
  context.strokeStyle = HALO;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = INK;
  context.lineWidth = width;
  context.stroke();
}

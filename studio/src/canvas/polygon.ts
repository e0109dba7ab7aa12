/** A polygon, corner by corner. */

import { addRegion } from "../draft/arrange.ts";
import { type Point, tidy } from "../draft/geometry.ts";
import { draft, editLayout } from "../draft/store.ts";
import { select } from "./actions.ts";
import { corners, note, tool } from "./tool.ts";
import { frame } from "./view.ts";

/** How near to a corner a press takes that corner, in CSS pixels. */
const NEAR = 10;

/** Adds a corner; on the first one, or twice in the same place, it closes the polygon. */
export function placeCorner(at: Point): void {
  const point = { x: tidy(at.x), y: tidy(at.y) };
  const points = corners.peek()?.points ?? [];
  const [first] = points, last = points.at(-1);
  if (points.length >= 3 && ((first && near(first, point)) || (last && near(last, point)))) {
    closePolygon();
    return;
  }
  if (last && near(last, point)) return;
  corners.value = { points: [...points, point], next: null };
  note.value = points.length < 2 ? "Press for each corner" : "Press the first corner, or Enter, to close the polygon";
}

/** Takes the last corner back. */
export function takeCornerBack(): void {
  const points = corners.peek()?.points ?? [];
  corners.value = points.length > 1 ? { points: points.slice(0, -1), next: null } : null;
}

/** Makes a region of the corners, if they enclose anything. */
export function closePolygon(): void {
  const points = corners.peek()?.points ?? [];
  if (points.length < 3) return;
  corners.value = null;
  note.value = "";
  const added = addRegion(draft.peek().layout, { polygon: { points } });
  editLayout(() => added.layout);
  tool.value = "select";
  select([added.key]);
}

function near(a: Point, b: Point): boolean {
  return Math.hypot((a.x - b.x) * frame.peek().width, (a.y - b.y) * frame.peek().height) <= NEAR;
}

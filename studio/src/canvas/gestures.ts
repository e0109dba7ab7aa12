/** What pointers do on the canvas: one draws, selects or moves; two zoom; a long press adds to the selection. */

import { batch } from "@preact/signals";
import type { Point } from "../draft/geometry.ts";
import { selection } from "../draft/store.ts";
import { brushAt, forgetStroke } from "./brush.ts";
import { closePolygon, placeCorner } from "./polygon.ts";
import { forget } from "./drag.ts";
import { corners, note, tool } from "./tool.ts";
import { type Drag, drawBoxDrag, panDrag, selectDrag, strokeDrag } from "./drags.ts";
import { regionAt } from "./hits.ts";
import { toggleSelected } from "./actions.ts";
import { fractions, panBy, zoom, zoomBy } from "./view.ts";

/** How far a finger or a hand may tremble in a press, in CSS pixels. */
const STILL = 6;

const LONG_PRESS_MS = 500;

/** Lets the pointers over an element work on the canvas. Returns what ends it. */
export function followPointers(surface: HTMLElement, handleAt: (point: Point) => boolean): () => void {
  const pointers = new Map<number, Point>();
  let drag: Drag | null = null;
  let began: Point = { x: 0, y: 0 };
  let longPress: ReturnType<typeof setTimeout> | undefined;
  let pinched = false;

  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = surface.getBoundingClientRect();
    return { x: event.clientX - left - surface.clientLeft, y: event.clientY - top - surface.clientTop };
  };
  const cancel = () => {
    clearTimeout(longPress);
    drag?.cancel();
    drag = null;
    forget();
  };

  const down = (event: PointerEvent) => {
    if (event.target instanceof Element && event.target.closest("button, label, [role=separator]")) return;
    const point = pointOf(event);
    pointers.set(event.pointerId, point);
    surface.focus({ preventScroll: true });
    if (pointers.size > 1) {
      cancel();
      pinched = true;
      return;
    }
    pinched = false;
    if (event.button === 0 && handleAt(point)) {
      pointers.clear(); // the handles follow it themselves
      return;
    }
    surface.setPointerCapture(event.pointerId);
    began = point;
    const before = selection.peek();
    drag = beginDrag(event, point);
    if (event.pointerType !== "touch" || tool.peek() !== "select") return;
    longPress = setTimeout(() => {
      const key = regionAt(fractions(point));
      cancel();
      selection.value = before; // which the press has replaced
      if (key !== null) toggleSelected(key);
    }, LONG_PRESS_MS);
  };

  const move = (event: PointerEvent) => {
    const point = pointOf(event);
    const before = pointers.get(event.pointerId);
    if (before !== undefined) pointers.set(event.pointerId, point);
    if (pinched && before !== undefined) {
      pinch(before, point, [...pointers].find(([id]) => id !== event.pointerId)?.[1]);
      return;
    }
    brushAt.value = tool.peek() === "brush" ? fractions(point) : null;
    const open = corners.peek();
    if (open !== null) corners.value = { ...open, next: fractions(point) };
    if (drag === null) return;
    if (Math.hypot(point.x - began.x, point.y - began.y) > STILL) clearTimeout(longPress);
    const events = drag.everyPoint && event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event];
    for (const each of events) drag.move(fractions(pointOf(each)), event, point);
  };

  const up = (event: PointerEvent) => {
    clearTimeout(longPress);
    pointers.delete(event.pointerId);
    const ended = drag;
    drag = null;
    if (pinched || ended === null) return;
    const point = pointOf(event);
    ended.end(fractions(point), event, Math.hypot(point.x - began.x, point.y - began.y) <= STILL);
  };

  const lost = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    cancel();
    forgetStroke();
  };

  const leave = () => brushAt.value = null;

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) zoomBy(Math.exp(-event.deltaY / 200), pointOf(event));
    else panBy(event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY);
  };
  // Where there is nothing to pan the page scrolls.
  const wheelIfZoomed = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey || zoom.peek().factor > 1) wheel(event);
  };
  const give = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || drag === null) return;
    event.stopPropagation();
    cancel();
  };

  const menu = (event: Event) => event.preventDefault();
  const again = () => closePolygon();

  surface.addEventListener("pointerdown", down);
  surface.addEventListener("pointermove", move);
  surface.addEventListener("pointerup", up);
  surface.addEventListener("pointercancel", lost);
  surface.addEventListener("pointerleave", leave);
  surface.addEventListener("wheel", wheelIfZoomed, { passive: false });
  surface.addEventListener("contextmenu", menu);
  surface.addEventListener("dblclick", again);
  surface.addEventListener("keydown", give);
  return () => {
    surface.removeEventListener("pointerdown", down);
    surface.removeEventListener("pointermove", move);
    surface.removeEventListener("pointerup", up);
    surface.removeEventListener("pointercancel", lost);
    surface.removeEventListener("pointerleave", leave);
    surface.removeEventListener("wheel", wheelIfZoomed);
    surface.removeEventListener("contextmenu", menu);
    surface.removeEventListener("dblclick", again);
    surface.removeEventListener("keydown", give);
  };
}

function beginDrag(event: PointerEvent, point: Point): Drag | null {
  if (event.button === 1 || event.button === 2) return panDrag(point);
  const at = fractions(point);
  switch (tool.peek()) {
    case "select":
      return selectDrag(at, event);
    case "rectangle":
      return drawBoxDrag("rectangle", at);
    case "ellipse":
      return drawBoxDrag("ellipse", at);
    case "polygon":
      return { move() {}, end: (to) => placeCorner(to), cancel() {} };
    case "brush":
      return strokeDrag(at);
  }
}

/** One of two fingers moved: the picture follows both. */
function pinch(before: Point, after: Point, other: Point | undefined): void {
  if (other === undefined) return;
  const length = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
  const middle = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
  batch(() => {
    panBy((after.x - before.x) / 2, (after.y - before.y) / 2);
    zoomBy(length(after) / length(before), middle);
  });
}

/** Gives up what is under way, else the tool, else the selection. Whether there was anything to give up. */
export function escape(): boolean {
  note.value = "";
  if (corners.peek() !== null) corners.value = null;
  else if (tool.peek() !== "select") tool.value = "select";
  else if (selection.peek().length > 0) selection.value = [];
  else return false;
  return true;
}

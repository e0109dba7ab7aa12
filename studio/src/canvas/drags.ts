/** Drags, from the press to its end: each tool's own. */

import { addRegion } from "../draft/arrange.ts";
import { type Box, boxOf, ellipseIn, inside, type Point, rectangleIn, tidyBox } from "../draft/geometry.ts";
import { withGeometry } from "../draft/arrange.ts";
import { draft, editLayout, selection } from "../draft/store.ts";
import { cellsOf, placesOf } from "../draft/places.ts";
import { select, toggleSelected, whyStill } from "./actions.ts";
import { beginStroke, brushAt, continueStroke, endStroke, forgetStroke } from "./brush.ts";
import { boxAround, carryBox } from "./carry.ts";
import { editedCorners, withCorner } from "./corner_edits.ts";
import { drop, forget } from "./drag.ts";
import { regionAt, regionsAt } from "./hits.ts";
import { NEAR } from "./resize.ts";
import { type Lines, linesOf, type Reach, snapMove, snapValue } from "./snap.ts";
import { otherBoxes } from "./other_boxes.ts";
import { dragged, drawnBox, guides, note, selectsSeveral, tool } from "./tool.ts";
import { frame, panBy } from "./view.ts";

/** A press that is under way. Points are fractions of the canvas. */
export interface Drag {
  /** Whether it wants the points between two frames as well. */
  readonly everyPoint?: boolean;
  readonly move: (to: Point, event: PointerEvent, inRoom: Point) => void;
  /** @param still Whether the pointer has hardly moved since the press. */
  readonly end: (to: Point, event: PointerEvent, still: boolean) => void;
  readonly cancel: () => void;
}

/** Shapes narrower or lower than this, in CSS pixels, are slips of the hand. */
const SLIP = 4;

/** Moves what is below. */
export function panDrag(from: Point): Drag {
  let last = from;
  return {
    move: (_to, _event, inRoom) => {
      panBy(inRoom.x - last.x, inRoom.y - last.y);
      last = inRoom;
    },
    end() {},
    cancel() {},
  };
}

/** Paints on a mask. */
export function strokeDrag(from: Point): Drag {
  beginStroke(from);
  return {
    everyPoint: true,
    move: (to) => continueStroke(to),
    end: (_to, event) => {
      if (event.pointerType === "touch") brushAt.value = null;
      void endStroke();
    },
    cancel: forgetStroke,
  };
}

/** Draws the box of a new rectangle or ellipse. */
export function drawBoxDrag(kind: "rectangle" | "ellipse", from: Point): Drag {
  const lines = linesOf(otherBoxes());
  let start: Point | null = null;
  const boxTo = (to: Point, event: PointerEvent): Box => {
    const snap = !(event.altKey || event.ctrlKey);
    const near = reach();
    const corner = (point: Point): Point =>
      onCanvas(
        snap ? { x: snapValue(point.x, lines.x, near.x), y: snapValue(point.y, lines.y, near.y) } : point,
      );
    start ??= corner(from);
    const end = corner(event.shiftKey ? square(start, to) : to);
    guides.value = snap ? touched(lines, end) : { x: [], y: [] };
    return between(start, end);
  };
  return {
    move: (to, event) => drawnBox.value = { box: boxTo(to, event), kind },
    end: (to, event, still) => {
      const box = tidyBox(boxTo(to, event));
      forget();
      if (still || box.width * frame.peek().width < SLIP || box.height * frame.peek().height < SLIP) {
        note.value = `Drag to draw ${kind === "ellipse" ? "an ellipse" : "a rectangle"}`;
        return;
      }
      const added = addRegion(draft.peek().layout, kind === "ellipse" ? ellipseIn(box) : rectangleIn(box));
      editLayout(() => added.layout);
      tool.value = "select";
      select([added.key]);
    },
    cancel: forget,
  };
}

/** A press with the select tool: on a corner or a region it moves it, beside them it draws a box around some. */
export function selectDrag(from: Point, event: PointerEvent): Drag {
  const corner = editedCorners.peek().findIndex((point) => distance(point, from) <= 9);
  const [only] = selection.peek();
  if (corner >= 0 && only !== undefined) return cornerDrag(only, corner);
  const several = event.shiftKey || selectsSeveral.peek();
  const key = regionAt(from);
  if (key === null) return marqueeDrag(from, several);
  if (several) {
    toggleSelected(key);
    if (!selection.peek().includes(key)) return { move() {}, end() {}, cancel: forget };
  } else if (!selection.peek().includes(key)) select([key]);
  return moveDrag(from, several);
}

function moveDrag(from: Point, several: boolean): Drag {
  const keys = selection.peek();
  const { layout } = draft.peek();
  const box = boxAround(layout, keys);
  const lines = linesOf(otherBoxes());
  let moved = false;
  return {
    move: (to, event) => {
      moved ||= distance(from, to) > SLIP;
      if (!moved) return;
      if (box === null) {
        note.value = whyStill(keys);
        return;
      }
      const wanted = { ...box, x: box.x + to.x - from.x, y: box.y + to.y - from.y };
      const snapped = event.altKey || event.ctrlKey
        ? { box: wanted, on: { x: [], y: [] } }
        : snapMove(wanted, lines, reach());
      guides.value = snapped.on;
      dragged.value = carryBox(layout, keys, box, inside(snapped.box));
    },
    end: (to, _event, still) => {
      if (dragged.peek() !== null) drop();
      else if (still && !several && keys.length === 1) pickBelow(to, keys[0]);
    },
    cancel: forget,
  };
}

/** Pressing once more on the selected region selects the one in front of it, if there is one: all of them can be reached. */
function pickBelow(at: Point, key: string | undefined): void {
  const hit = regionsAt(at);
  const front = hit[0];
  if (front !== undefined && front !== key && hit.includes(key ?? "")) select([front]);
}

function cornerDrag(key: string, corner: number): Drag {
  const { layout } = draft.peek();
  const place = placesOf(layout)[layout.regions.findIndex((region) => region.key === key)];
  const lines = linesOf(otherBoxes());
  return {
    move: (to, event) => {
      if (!place) return;
      const near = reach();
      const at = event.altKey || event.ctrlKey
        ? to
        : { x: snapValue(to.x, lines.x, near.x), y: snapValue(to.y, lines.y, near.y) };
      guides.value = touched(lines, at);
      dragged.value = withGeometry(layout, key, withCorner(place, corner, at));
    },
    end: drop,
    cancel: forget,
  };
}

function marqueeDrag(from: Point, adds: boolean): Drag {
  const before = adds ? selection.peek() : [];
  return {
    move: (to) => {
      const box = between(from, to);
      drawnBox.value = { box, kind: "selection" };
      const { layout } = draft.peek();
      const places = placesOf(layout), cells = cellsOf(layout);
      const touching = layout.regions.flatMap(({ key }, i) => {
        const place = places[i];
        const around = place && boxOf(place, cells);
        return around && !place.rest && meets(around, box) ? [key] : [];
      });
      selection.value = [...before, ...touching.filter((key) => !before.includes(key))];
    },
    end: (_to, _event, still) => {
      forget();
      if (still) selection.value = before;
    },
    cancel: forget,
  };
}

function reach(): Reach {
  return { x: NEAR / frame.peek().width, y: NEAR / frame.peek().height };
}

/** In CSS pixels. */
function distance(a: Point, b: Point): number {
  return Math.hypot((a.x - b.x) * frame.peek().width, (a.y - b.y) * frame.peek().height);
}

function onCanvas({ x, y }: Point): Point {
  return { x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) };
}

function between(a: Point, b: Point): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** The point that makes a square of the box from `a`, as it is seen. */
function square(a: Point, b: Point): Point {
  const { width, height } = frame.peek();
  const edge = Math.max(Math.abs(b.x - a.x) * width, Math.abs(b.y - a.y) * height);
  return { x: a.x + Math.sign(b.x - a.x) * edge / width, y: a.y + Math.sign(b.y - a.y) * edge / height };
}

function meets(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function touched(lines: Lines, { x, y }: Point): Lines {
  return { x: lines.x.filter((line) => line === x).slice(0, 1), y: lines.y.filter((line) => line === y).slice(0, 1) };
}

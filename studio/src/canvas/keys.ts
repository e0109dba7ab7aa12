/** The keys of the canvas and the list of regions. */

import { canRedo, canUndo, endGroup, redo, selection, undo } from "../draft/store.ts";
import {
  addKind,
  duplicateSelected,
  freeSelected,
  grow,
  nudge,
  removeSelected,
  restackSelected,
  selectAll,
  subtractSelected,
  switchSelected,
  uniteSelected,
} from "./actions.ts";
import { escape } from "./gestures.ts";
import { closePolygon, takeCornerBack } from "./polygon.ts";
import { brush, corners, helpOpen, outlines, renaming, tool } from "./tool.ts";
import { fit, zoomBy } from "./view.ts";

/** What keys do, as the help shows it: groups of a heading, keys and what they do. */
export const KEYS: readonly (readonly [heading: string, rows: readonly (readonly [keys: string, does: string])[]])[] = [
  ["Tools", [
    ["V", "Select and move"],
    ["R", "Rectangle"],
    ["E", "Ellipse"],
    ["P", "Polygon: Enter closes it, Backspace takes a corner back"],
    ["B", "Brush: X paints or erases, comma and full stop change its width"],
    ["Enter", "With a shape’s tool: puts one into the middle"],
    ["Escape", "Gives up what is under way"],
  ]],
  ["Selected regions", [
    ["Tab", "From region to region and divider to divider"],
    ["Arrows", "Move by 1 pixel of the picture, with Shift by 10"],
    ["Alt+Arrows", "Make wider, narrower, higher, lower"],
    ["Ctrl+A", "Select all"],
    ["Ctrl+D", "Duplicate"],
    ["F2", "Rename"],
    ["Delete", "Delete"],
    ["] and [", "One forward, one back; with Shift to the front, to the back"],
    ["H", "Switch on or off"],
    ["U", "Unite"],
    ["S", "Subtract the others from the first"],
    ["C", "Own shape for a region that fills a cell"],
  ]],
  ["Everywhere", [
    ["Ctrl+Z", "Undo"],
    ["Ctrl+Shift+Z, Ctrl+Y", "Redo"],
  ]],
  ["View", [
    ["O", "Outlines on or off"],
    ["+ and −", "Zoom; also Ctrl+wheel, or two fingers"],
    ["0", "Fit"],
    ["?", "This help"],
  ]],
  ["While dragging", [
    ["Alt or Ctrl", "No snapping"],
    ["Shift", "Square; or, on a region, adds to the selection"],
  ]],
];

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Undo and redo, wherever the focus is but in a text, which has its own. */
export function onPageKey(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || inText(event.target)) return;
  const key = event.key.toLowerCase();
  const again = key === "y" || (key === "z" && event.shiftKey);
  if (!again && key !== "z") return;
  event.preventDefault();
  if (again && canRedo.value) redo();
  else if (!again && canUndo.value) undo();
}

/** Keys of the canvas: of its tools, and of the regions that are selected. */
export function onCanvasKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || inText(event.target) || inPopup(event.target)) return;
  if (onArrow(event) || onPolygonKey(event) || onRegionKey(event) || onToolKey(event)) event.preventDefault();
}

/** Ends a step of undo as an arrow key is let go. */
export function onCanvasKeyUp(event: KeyboardEvent): void {
  if (event.key in ARROWS) endGroup();
}

function onArrow(event: KeyboardEvent): boolean {
  const way = ARROWS[event.key];
  if (way === undefined || event.ctrlKey || event.metaKey || selection.value.length === 0) return false;
  const by = event.shiftKey ? 10 : 1;
  (event.altKey ? grow : nudge)(way[0] * by, way[1] * by);
  return true;
}

function onPolygonKey({ key }: KeyboardEvent): boolean {
  if (corners.value === null) return false;
  if (key === "Enter") closePolygon();
  else if (key === "Backspace") takeCornerBack();
  else return false;
  return true;
}

/** Keys that act on the selected regions, in the canvas as in the list. Whether it was one of them. */
export function onRegionKey(event: KeyboardEvent): boolean {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (control && key === "a") selectAll();
  else if (control && key === "d") duplicateSelected();
  else if (control || event.altKey) return false;
  else if (key === "Delete" || key === "Backspace") removeSelected();
  else if (key === "F2") renaming.value = selection.value.at(-1) ?? null;
  else if (event.code === "BracketRight" || key === "]" || key === "}") {
    restackSelected(event.shiftKey ? "front" : "forward");
  } else if (event.code === "BracketLeft" || key === "[" || key === "{") {
    restackSelected(event.shiftKey ? "back" : "backward");
  } else if (key === "h") switchSelected();
  else if (key === "u") uniteSelected();
  else if (key === "s") subtractSelected();
  else if (key === "c") freeSelected();
  else return false;
  return true;
}

const TOOL_KEYS = { v: "select", r: "rectangle", e: "ellipse", p: "polygon", b: "brush" } as const;

function onToolKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const picked = TOOL_KEYS[key as keyof typeof TOOL_KEYS];
  const active = tool.value;
  if (picked !== undefined) pickTool(picked);
  else if (
    key === "Enter" && event.target instanceof HTMLElement && event.target.tabIndex >= 0 && active !== "select"
  ) {
    if (active === "brush" || event.target.closest("button")) return false;
    addKind(active);
    tool.value = "select";
  } else if (key === "Escape") return escape();
  else if (key === "x" && active === "brush") brush.value = { ...brush.value, erases: !brush.value.erases };
  else if (key === "," || key === ".") widenBrush(key === "," ? 1 / 1.2 : 1.2);
  else if (key === "o") outlines.value = !outlines.value;
  else if (key === "+" || key === "=") zoomBy(1.25);
  else if (key === "-" || key === "−") zoomBy(0.8);
  else if (key === "0") fit();
  else if (key === "?") helpOpen.value = true;
  else return false;
  return true;
}

/** Changes to a tool; an open polygon is given up. */
export function pickTool(next: typeof tool.value): void {
  corners.value = null;
  tool.value = next;
}

/** Brushes are between a hundredth and the whole of the short edge wide. */
function widenBrush(by: number): void {
  brush.value = { ...brush.value, width: Math.min(1, Math.max(0.01, brush.value.width * by)) };
}

function inPopup(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[popover]") !== null;
}

function inText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** Omost's words for places, on its grid of 90 x 90 (`lib_omost/canvas.py` of github.com/lllyasviel/Omost). */

import type { Rectangle } from "../../layout.ts";

type Pair = readonly [x: number, y: number];

/** Cells along each side. */
export const SIDE = 90;

/** Where an area's centre lies. */
export const LOCATIONS: ReadonlyMap<string, Pair> = new Map<string, Pair>([
  ["in the center", [45, 45]],
  ["on the left", [15, 45]],
  ["on the right", [75, 45]],
  ["on the top", [45, 15]],
  ["on the bottom", [45, 75]],
  ["on the top-left", [15, 15]],
  ["on the top-right", [75, 15]],
  ["on the bottom-left", [15, 75]],
  ["on the bottom-right", [75, 75]],
]);

/** How far the centre is moved. */
export const OFFSETS: ReadonlyMap<string, Pair> = new Map<string, Pair>([
  ["no offset", [0, 0]],
  ["slightly to the left", [-10, 0]],
  ["slightly to the right", [10, 0]],
  ["slightly to the upper", [0, -10]],
  ["slightly to the lower", [0, 10]],
  ["slightly to the upper-left", [-10, -10]],
  ["slightly to the upper-right", [10, -10]],
  ["slightly to the lower-left", [-10, 10]],
  ["slightly to the lower-right", [10, 10]],
]);

/** Width and height. */
export const AREAS: ReadonlyMap<string, Pair> = new Map<string, Pair>([
  ["a small square area", [50, 50]],
  ["a small vertical area", [40, 60]],
  ["a small horizontal area", [60, 40]],
  ["a medium-sized square area", [60, 60]],
  ["a medium-sized vertical area", [50, 80]],
  ["a medium-sized horizontal area", [80, 50]],
  ["a large square area", [70, 70]],
  ["a large vertical area", [60, 90]],
  ["a large horizontal area", [90, 60]],
]);

/** The rectangle of an area around its moved centre, without what leaves the canvas. */
export function omostRectangle(location: Pair, offset: Pair, area: Pair): Rectangle {
  const edges = (axis: 0 | 1) => {
    const centre = location[axis] + offset[axis];
    const half = area[axis] / 2;
    return [Math.max(0, centre - half), Math.min(SIDE, centre + half)] as const;
  };
  const [left, right] = edges(0);
  const [top, bottom] = edges(1);
  return { x: left / SIDE, y: top / SIDE, width: (right - left) / SIDE, height: (bottom - top) / SIDE };
}

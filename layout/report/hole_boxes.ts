/** Where the holes are: bounding boxes of connected cells that no region covers. */

import { double } from "../../elements.ts";
import type { Rectangle } from "../layout.ts";
import type { LatentSize } from "../weights/levels.ts";

/** Cells with less of a hole than this count as covered: feathered borders, seams inside a cell. */
const OPEN = 0.05;

/** The most boxes that are listed. */
const LISTED = 16;

export interface HoleBoxes {
  /** Fractions of the canvas, the largest hole first; at most 16. */
  readonly boxes: readonly Rectangle[];
  /** How many smaller holes are not listed. */
  readonly more: number;
}

/**
 * The bounding boxes of holes, cells that share an edge being one hole.
 *
 * @param holes Uncovered share of each cell [ceil(height / factor), ceil(width / factor)].
 */
export function holeBoxes(holes: Float64Array, { width, height, factor }: LatentSize): HoleBoxes {
  const columns = Math.ceil(width / factor);
  const seen = new Uint8Array(holes.length);
  const found: Component[] = [];
  for (let cell = 0; cell < holes.length; cell++) {
    if (isOpen(holes, seen, cell)) found.push(explore(holes, seen, cell, columns));
  }
  found.sort((a, b) => b.area - a.area);
  const boxes = found.slice(0, LISTED).map(({ left, top, right, bottom }): Rectangle => {
    const x = left * factor / width, y = top * factor / height;
    return {
      x,
      y,
      width: Math.min(1, right * factor / width) - x,
      height: Math.min(1, bottom * factor / height) - y,
    };
  });
  return { boxes, more: found.length - boxes.length };
}

/** A hole in cells; `right` and `bottom` are exclusive, `area` adds up its cells' uncovered shares. */
interface Component {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly area: number;
}

function explore(holes: Float64Array, seen: Uint8Array, start: number, columns: number): Component {
  let left = Infinity, top = Infinity, right = 0, bottom = 0, area = 0;
  const open = [start];
  seen[start] = 1;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const x = cell % columns, y = Math.floor(cell / columns);
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
    area += double(holes, cell);
    const neighbours = [cell - columns, cell + columns];
    if (x > 0) neighbours.push(cell - 1);
    if (x + 1 < columns) neighbours.push(cell + 1);
    for (const next of neighbours) {
      if (!isOpen(holes, seen, next)) continue;
      seen[next] = 1;
      open.push(next);
    }
  }
  return { left, top, right, bottom, area };
}

function isOpen(holes: Float64Array, seen: Uint8Array, cell: number): boolean {
  return seen[cell] === 0 && double(holes, cell) >= OPEN;
}

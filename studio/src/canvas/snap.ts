/** Edges that come near a line jump onto it. */

import type { Box } from "../draft/geometry.ts";

/** Lines to snap to, in fractions of the canvas. */
export interface Lines {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The canvas's edges, thirds and middle. */
const CANVAS = [0, 1 / 3, 1 / 2, 2 / 3, 1];

/** The canvas's lines and those of other regions' boxes. */
export function linesOf(boxes: readonly Box[]): Lines {
  return {
    x: [...CANVAS, ...boxes.flatMap(({ x, width }) => [x, x + width / 2, x + width])],
    y: [...CANVAS, ...boxes.flatMap(({ y, height }) => [y, y + height / 2, y + height])],
  };
}

/** How near is near, in fractions of the canvas. */
export interface Reach {
  readonly x: number;
  readonly y: number;
}

/** A value on a line, if one is within reach; the nearest counts. */
export function snapValue(value: number, lines: readonly number[], reach: number): number {
  const nearest = lines.reduce((best, line) => Math.abs(line - value) < Math.abs(best - value) ? line : best, Infinity);
  return Math.abs(nearest - value) <= reach ? nearest : value;
}

/** A box moved as a whole, so that its left edge, middle or right edge lies on a line, and so across. */
export function snapMove(box: Box, lines: Lines, reach: Reach): { readonly box: Box; readonly on: Lines } {
  const x = snapSpan(box.x, box.width, lines.x, reach.x);
  const y = snapSpan(box.y, box.height, lines.y, reach.y);
  const moved = { ...box, x: x.start, y: y.start };
  return { box: moved, on: { x: x.on, y: y.on } };
}

function snapSpan(
  start: number,
  length: number,
  lines: readonly number[],
  reach: number,
): { readonly start: number; readonly on: readonly number[] } {
  const shifts = [start, start + length / 2, start + length].flatMap((value) => {
    const line = snapValue(value, lines, reach);
    return line === value ? [] : [{ line, by: line - value }];
  });
  const [best] = shifts.toSorted((a, b) => Math.abs(a.by) - Math.abs(b.by));
  return best === undefined ? { start, on: [] } : { start: start + best.by, on: [best.line] };
}

/** A box whose edges moved from `old` to `box`: those that did are snapped, the others stay. */
export function snapResize(old: Box, box: Box, lines: Lines, reach: Reach): { readonly box: Box; readonly on: Lines } {
  const x = snapEnds(old.x, old.width, box.x, box.width, lines.x, reach.x);
  const y = snapEnds(old.y, old.height, box.y, box.height, lines.y, reach.y);
  return {
    box: { x: x.start, y: y.start, width: x.length, height: y.length },
    on: { x: x.on, y: y.on },
  };
}

const STILL = 1e-6;

function snapEnds(
  oldStart: number,
  oldLength: number,
  start: number,
  length: number,
  lines: readonly number[],
  reach: number,
): { readonly start: number; readonly length: number; readonly on: readonly number[] } {
  const on: number[] = [];
  const end = (old: number, value: number) => {
    if (Math.abs(old - value) < STILL) return value;
    const line = snapValue(value, lines, reach);
    if (line !== value) on.push(line);
    return Math.min(1, Math.max(0, line));
  };
  const from = end(oldStart, start), to = end(oldStart + oldLength, start + length);
  return to - from > STILL ? { start: from, length: to - from, on } : { start: oldStart, length: oldLength, on: [] };
}

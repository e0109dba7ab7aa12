/** Where regions lie, as the editor reckons with it: boxes, hits, and geometries moved into another box. */

import type { GeometryInput } from "../api/generated.ts";

/** A point in fractions of the canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in fractions of the canvas. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const WHOLE: Box = { x: 0, y: 0, width: 1, height: 1 };

/** The kinds of geometry, by the field that is set. */
export const KINDS = [
  "rectangle",
  "ellipse",
  "polygon",
  "cell",
  "mask",
  "words",
  "union",
  "subtraction",
  "rest",
] as const;
export type Kind = (typeof KINDS)[number];

/** Which kind a geometry is. */
export function kindOf(geometry: GeometryInput): Kind {
  return KINDS.find((kind) => geometry[kind] !== undefined && geometry[kind] !== null) ?? "rest";
}

/** Coordinates are kept to five decimals: a tenth of a pixel of the largest picture. */
const STEPS = 1e5;

/** A fraction, inside of the canvas and without a tail of digits. */
export function tidy(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * STEPS) / STEPS;
}

/** The box with tidy edges; its far edges are not beyond the canvas's. */
export function tidyBox({ x, y, width, height }: Box): Box {
  const left = tidy(x), top = tidy(y), right = tidy(x + width), bottom = tidy(y + height);
  return {
    x: left,
    y: top,
    width: Math.round((right - left) * STEPS) / STEPS,
    height: Math.round((bottom - top) * STEPS) / STEPS,
  };
}

/** The rectangle in a box. */
export function rectangleIn(box: Box): GeometryInput {
  return { rectangle: tidyBox(box) };
}

/** The ellipse in a box. */
export function ellipseIn(box: Box): GeometryInput {
  const { x, y, width, height } = tidyBox(box);
  return { ellipse: { cx: x + width / 2, cy: y + height / 2, rx: width / 2, ry: height / 2 } };
}

/**
 * The smallest box around a geometry; null where that is not known before the picture is painted.
 * @param cells The grid's cells.
 */
export function boxOf(geometry: GeometryInput, cells: readonly Box[]): Box | null {
  if (geometry.rectangle) return geometry.rectangle;
  if (geometry.ellipse) {
    const { cx, cy, rx, ry } = geometry.ellipse;
    return { x: cx - rx, y: cy - ry, width: 2 * rx, height: 2 * ry };
  }
  if (geometry.polygon) return around(geometry.polygon.points.map(({ x, y }) => ({ x, y, width: 0, height: 0 })));
  if (geometry.cell !== undefined) return cells[geometry.cell] ?? null;
  if (geometry.union) return around(geometry.union.flatMap((part) => boxOf(part, cells) ?? []));
  if (geometry.subtraction) return boxOf(geometry.subtraction.from, cells);
  return geometry.words ? null : WHOLE;
}

/** The smallest box around several; null for none. */
export function around(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x)), y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** How much of a point the mask images cover: true where it is more than half. */
export type MaskAt = (mask: NonNullable<GeometryInput["mask"]>, point: Point) => boolean;

/** Whether a point lies in a geometry. The rest and what is found by words hold no point: clicks pass through them. */
export function contains(geometry: GeometryInput, point: Point, cells: readonly Box[], maskAt: MaskAt): boolean {
  const holds = (part: GeometryInput) => contains(part, point, cells, maskAt);
  if (geometry.rectangle) return inBox(geometry.rectangle, point);
  if (geometry.ellipse) {
    const { cx, cy, rx, ry } = geometry.ellipse;
    return ((point.x - cx) / rx) ** 2 + ((point.y - cy) / ry) ** 2 <= 1;
  }
  if (geometry.polygon) {
    const { points, holes } = geometry.polygon;
    return [points, ...(holes ?? [])].filter((ring) => inRing(ring, point)).length % 2 === 1;
  }
  if (geometry.cell !== undefined) {
    const cell = cells[geometry.cell];
    return cell !== undefined && inBox(cell, point);
  }
  if (geometry.mask) return maskAt(geometry.mask, point);
  if (geometry.union) return geometry.union.some(holds);
  if (geometry.subtraction) return holds(geometry.subtraction.from) && !geometry.subtraction.subtract.some(holds);
  return false;
}

function inBox({ x, y, width, height }: Box, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}

/** The even-odd rule. */
function inRing(ring: readonly Point[], { x, y }: Point): boolean {
  return ring.reduce((inside, a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    const crosses = (a.y > y) !== (b.y > y) && x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
    return crosses ? !inside : inside;
  }, false);
}

/** Whether it can be moved and resized as it is: cells follow their grid, masks and the rest the canvas. */
export function canMove(geometry: GeometryInput): boolean {
  if (geometry.union) return geometry.union.every(canMove);
  if (geometry.subtraction) return [geometry.subtraction.from, ...geometry.subtraction.subtract].every(canMove);
  return !!(geometry.rectangle || geometry.ellipse || geometry.polygon);
}

/**
 * The geometry, carried along as its box `from` becomes `to`.
 * @throws {RangeError} if it cannot be moved, see {@link canMove}.
 */
export function carried(geometry: GeometryInput, from: Box, to: Box): GeometryInput {
  const x = (value: number) => to.x + (value - from.x) / from.width * to.width;
  const y = (value: number) => to.y + (value - from.y) / from.height * to.height;
  const box = (old: Box): Box => ({
    x: x(old.x),
    y: y(old.y),
    width: old.width / from.width * to.width,
    height: old.height / from.height * to.height,
  });
  const ring = (points: readonly Point[]) => points.map((point) => ({ x: tidy(x(point.x)), y: tidy(y(point.y)) }));
  const part = (inner: GeometryInput) => carried(inner, from, to);
  if (geometry.rectangle) return rectangleIn(box(geometry.rectangle));
  if (geometry.ellipse) {
    const { cx, cy, rx, ry } = geometry.ellipse;
    return ellipseIn(box({ x: cx - rx, y: cy - ry, width: 2 * rx, height: 2 * ry }));
  }
  if (geometry.polygon) {
    const { points, holes } = geometry.polygon;
    return { polygon: { points: ring(points), ...(holes?.length ? { holes: holes.map(ring) } : {}) } };
  }
  if (geometry.union) return { union: geometry.union.map(part) };
  if (geometry.subtraction) {
    const { from: whole, subtract } = geometry.subtraction;
    return { subtraction: { from: part(whole), subtract: subtract.map(part) } };
  }
  throw new RangeError(`A geometry of kind ${kindOf(geometry)} cannot be moved`);
}

/** The geometry with cells as the rectangles that they are, so that it no longer follows the grid. */
export function withoutCells(geometry: GeometryInput, cells: readonly Box[]): GeometryInput {
  const part = (inner: GeometryInput) => withoutCells(inner, cells);
  if (geometry.cell !== undefined) return rectangleIn(cells[geometry.cell] ?? WHOLE);
  if (geometry.union) return { union: geometry.union.map(part) };
  if (geometry.subtraction) {
    const { from, subtract } = geometry.subtraction;
    return { subtraction: { from: part(from), subtract: subtract.map(part) } };
  }
  return geometry;
}

/** The box moved as little as it takes to lie inside of the canvas. */
export function inside(box: Box): Box {
  return {
    ...box,
    x: Math.min(Math.max(0, box.x), Math.max(0, 1 - box.width)),
    y: Math.min(Math.max(0, box.y), Math.max(0, 1 - box.height)),
  };
}

/** Checks of where a region lies: which kind of geometry it is, and how shapes are combined. */

import type { FieldPath } from "../../errors.ts";
import type { Geometry, Shape } from "../layout.ts";
import type { Problems } from "../../problems.ts";
import { resolveCell, resolveEllipse, resolveMask, resolvePolygon, resolveRectangle } from "./resolve_shapes.ts";

/** How many unions and subtractions may stand inside of one another, the shapes at their ends included. */
const MAX_DEPTH = 8;

/** The most shapes of a layout, unions and subtractions counted too: each is drawn at full resolution. */
const MAX_SHAPES = 256;

const KINDS = ["rectangle", "ellipse", "polygon", "cell", "mask", "union", "subtraction", "rest"] as const;

/** What a layout's geometries have used of its limits so far. */
export interface Usage {
  shapes: number;
  /** Of polygons and their holes. */
  points: number;
}

/** What the checks of one region's geometry share. */
interface Reading {
  readonly problems: Problems;
  /** The number of cells in the layout's grid; null without a grid, NaN where the grid itself is broken. */
  readonly cells: number | null;
  /** Where the region's geometry stands. */
  readonly root: FieldPath;
  readonly usage: Usage;
}

/**
 * Resolves a region's geometry, a one-of object. Undefined where it has problems, which are then noted.
 *
 * @param cells The number of cells in the layout's grid; null without a grid, NaN where the grid itself is broken.
 * @param usage What the layout's other geometries have used; this one's is added.
 */
export function resolveGeometry(
  spec: unknown,
  path: FieldPath,
  cells: number | null,
  usage: Usage,
  problems: Problems,
): Geometry | undefined {
  return read(spec, path, 1, { problems, cells, root: path, usage });
}

/** The cells that a geometry paints in; what a subtraction cuts out is left to others. */
export function namedCells(geometry: Geometry): readonly number[] {
  switch (geometry.kind) {
    case "CELL":
      return [geometry.cell];
    case "UNION":
      return geometry.of.flatMap(namedCells);
    case "SUBTRACTION":
      return namedCells(geometry.from);
    default:
      return [];
  }
}

function read(spec: unknown, path: FieldPath, depth: number, reading: Reading): Geometry | undefined {
  const { problems, cells, root, usage } = reading;
  const before = problems.found.length;
  if (++usage.shapes > MAX_SHAPES) {
    // Noted once: every shape beyond the limit is one too many.
    if (usage.shapes === MAX_SHAPES + 1) {
      problems.add("INVALID_GEOMETRY", root, spec, `must leave the layout at most ${MAX_SHAPES} shapes`);
    }
    return undefined;
  }
  if (depth > MAX_DEPTH) {
    problems.add("INVALID_GEOMETRY", path, spec, `must be at most ${MAX_DEPTH} shapes deep`);
    return undefined;
  }
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const set = KINDS.filter((kind) => fields[kind] !== null && fields[kind] !== undefined);
  const [kind] = set;
  if (kind === undefined || set.length > 1) {
    const rule = `must have exactly one of ${KINDS.slice(0, -1).join(", ")} and ${KINDS.at(-1)}`;
    problems.add("INVALID_GEOMETRY", path, set.length === 0 ? spec : set, rule);
    return undefined;
  }
  const value = fields[kind], at = [...path, kind];
  switch (kind) {
    case "rectangle":
      return resolveRectangle(value, at, problems);
    case "ellipse":
      return resolveEllipse(value, at, problems);
    case "polygon":
      return resolvePolygon(value, at, usage, problems);
    case "cell":
      return resolveCell(value, at, cells, problems);
    case "mask":
      return resolveMask(value, at, problems);
    case "union":
      return readUnion(value, at, depth, reading);
    case "subtraction":
      return readSubtraction(value, at, depth, reading);
    case "rest":
      return readRest(value, at, depth, reading);
  }
}

function readUnion(spec: unknown, path: FieldPath, depth: number, reading: Reading): Geometry | undefined {
  const of = readShapes(spec, path, depth, reading);
  return of === undefined ? undefined : { kind: "UNION", of };
}

function readSubtraction(spec: unknown, path: FieldPath, depth: number, reading: Reading): Geometry | undefined {
  const before = reading.problems.found.length;
  const fields = reading.problems.fields(spec, path);
  if (reading.problems.found.length > before) return undefined;
  const from = read(fields["from"], [...path, "from"], depth + 1, reading);
  const subtract = readShapes(fields["subtract"], [...path, "subtract"], depth, reading);
  if (from === undefined || from.kind === "REST" || subtract === undefined) return undefined;
  return { kind: "SUBTRACTION", from, subtract };
}

/** The shapes of a list, which holds at least one; undefined where one of them is broken. */
function readShapes(spec: unknown, path: FieldPath, depth: number, reading: Reading): readonly Shape[] | undefined {
  const { problems } = reading;
  const before = problems.found.length;
  const items = problems.items(spec, path);
  if (problems.found.length > before) return undefined;
  if (items.length === 0) {
    problems.add("INVALID_GEOMETRY", path, spec, "must have at least one shape");
    return undefined;
  }
  const shapes: Shape[] = [];
  for (const [i, item] of items.entries()) {
    const shape = read(item, [...path, i], depth + 1, reading);
    if (shape !== undefined && shape.kind !== "REST") shapes.push(shape);
    if (reading.usage.shapes > MAX_SHAPES) break;
  }
  return shapes.length === items.length ? shapes : undefined;
}

function readRest(value: unknown, path: FieldPath, depth: number, { problems }: Reading): Geometry | undefined {
  if (value !== true) {
    problems.add("INVALID_GEOMETRY", path, value, "must be true where it is set");
    return undefined;
  }
  if (depth > 1) {
    const rule = "must be a region's whole geometry, not a part of a union or subtraction";
    problems.add("INVALID_GEOMETRY", path, value, rule);
    return undefined;
  }
  return { kind: "REST" };
}

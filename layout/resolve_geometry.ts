/** Checks of where a region lies. */

import type { FieldPath } from "../errors.ts";
import type { Geometry, Point } from "./layout.ts";
import type { Problems } from "./problems.ts";

/** How far outside the canvas rounding may put an edge, in fractions of the canvas. */
const TOLERANCE = 1e-9;

/** More points than any drawing tool sends; the cost of a mask grows with them. */
const MAX_POINTS = 4096;

const KINDS = ["rectangle", "polygon", "cell"] as const;

/**
 * Resolves a geometry's one-of object. Undefined where it has problems, which are then noted.
 *
 * @param cells The number of cells in the layout's grid; null without a grid, NaN where the grid itself is broken.
 */
export function resolveGeometry(
  spec: unknown,
  path: FieldPath,
  cells: number | null,
  problems: Problems,
): Geometry | undefined {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const set = KINDS.filter((kind) => fields[kind] !== null && fields[kind] !== undefined);
  const [kind] = set;
  if (kind === undefined || set.length > 1) {
    const rule = "must have exactly one of rectangle, polygon and cell";
    problems.add("INVALID_GEOMETRY", path, set.length === 0 ? spec : set, rule);
    return undefined;
  }
  switch (kind) {
    case "rectangle":
      return resolveRectangle(fields[kind], [...path, kind], problems);
    case "polygon":
      return resolvePolygon(fields[kind], [...path, kind], problems);
    case "cell":
      return resolveCell(fields[kind], [...path, kind], cells, problems);
  }
}

function resolveRectangle(spec: unknown, path: FieldPath, problems: Problems): Geometry | undefined {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const code = "INVALID_GEOMETRY";
  const inside = { min: -TOLERANCE, max: 1 + TOLERANCE, code } as const;
  const x = coordinate(fields["x"], [...path, "x"], problems);
  const y = coordinate(fields["y"], [...path, "y"], problems);
  const width = problems.number(fields["width"], [...path, "width"], { above: 0, max: inside.max, code });
  const height = problems.number(fields["height"], [...path, "height"], { above: 0, max: inside.max, code });
  if (x + width > 1 + TOLERANCE) {
    problems.add(code, [...path, "width"], width, `must end inside the canvas: x + width is ${x + width}, at most 1`);
  }
  if (y + height > 1 + TOLERANCE) {
    problems.add(
      code,
      [...path, "height"],
      height,
      `must end inside the canvas: y + height is ${y + height}, at most 1`,
    );
  }
  return problems.found.length > before ? undefined : { kind: "RECTANGLE", x, y, width, height };
}

function resolvePolygon(spec: unknown, path: FieldPath, problems: Problems): Geometry | undefined {
  const before = problems.found.length;
  const at = [...path, "points"];
  const items = problems.items(problems.fields(spec, path)["points"], at);
  if (problems.found.length > before) return undefined;
  if (items.length < 3 || items.length > MAX_POINTS) {
    problems.add("INVALID_GEOMETRY", at, items.length, `must have 3 to ${MAX_POINTS} points`);
    return undefined;
  }
  const points = items.map((item, i): Point => {
    const unread = problems.found.length;
    const fields = problems.fields(item, [...at, i]);
    if (problems.found.length > unread) return { x: NaN, y: NaN };
    return {
      x: coordinate(fields["x"], [...at, i, "x"], problems),
      y: coordinate(fields["y"], [...at, i, "y"], problems),
    };
  });
  if (problems.found.length > before) return undefined;
  if (onOneLine(points)) {
    problems.add("INVALID_GEOMETRY", at, items, "must enclose an area: all points lie on one line");
    return undefined;
  }
  return { kind: "POLYGON", points, holes: [] };
}

function resolveCell(value: unknown, path: FieldPath, cells: number | null, problems: Problems): Geometry | undefined {
  const cell = problems.number(value, path, {});
  if (Number.isNaN(cell)) return undefined;
  if (cells === null) {
    problems.add("INVALID_GEOMETRY", path, value, "needs a grid, the layout has none");
    return undefined;
  }
  if (!Number.isInteger(cell) || cell < 0 || cell >= cells) {
    const last = Number.isNaN(cells) ? "" : ` to ${cells - 1}`;
    problems.add("OUT_OF_RANGE", path, value, `must be a whole number from 0${last}`);
    return undefined;
  }
  return { kind: "CELL", cell };
}

function coordinate(value: unknown, path: FieldPath, problems: Problems): number {
  const number = problems.number(value, path, {});
  if (number < -TOLERANCE || number > 1 + TOLERANCE) {
    problems.add("INVALID_GEOMETRY", path, value, "must lie inside the canvas, from 0 to 1");
    return NaN;
  }
  return number;
}

/** Not the signed area: that is 0 for a bow tie too, which encloses two triangles under the even-odd rule. */
function onOneLine(points: readonly Point[]): boolean {
  const [a] = points;
  if (a === undefined) return true;
  const far = points.reduce((best, p) => distance(a, p) > distance(a, best) ? p : best, a);
  return points.every((p) => Math.abs((far.x - a.x) * (p.y - a.y) - (far.y - a.y) * (p.x - a.x)) <= 1e-12);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

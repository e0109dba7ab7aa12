/** Checks of the shapes that are not made of others. */

import type { FieldPath } from "../../errors.ts";
import { MASK_CHANNELS, type Point, type Shape } from "../layout.ts";
import { readColour, readMaskAsset } from "./mask_asset.ts";
import type { Problems } from "./problems.ts";

/** How far outside the canvas rounding may put an edge, in fractions of the canvas. */
const TOLERANCE = 1e-9;

/** The most points of a layout's polygons, those of holes included; the cost of masks grows with them. */
const MAX_POINTS = 16_384;

const code = "INVALID_GEOMETRY";

/** A length: greater than 0, and no longer than the canvas. */
const LENGTH = { above: 0, max: 1 + TOLERANCE, code } as const;

/** A rectangle inside of the canvas, of positive area. */
export function resolveRectangle(spec: unknown, path: FieldPath, problems: Problems): Shape | undefined {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const x = coordinate(fields["x"], [...path, "x"], problems);
  const y = coordinate(fields["y"], [...path, "y"], problems);
  const width = problems.number(fields["width"], [...path, "width"], LENGTH);
  const height = problems.number(fields["height"], [...path, "height"], LENGTH);
  endsInside("x + width", x + width, width, [...path, "width"], problems);
  endsInside("y + height", y + height, height, [...path, "height"], problems);
  return problems.found.length > before ? undefined : { kind: "RECTANGLE", x, y, width, height };
}

/** An ellipse inside of the canvas, of positive radii. */
export function resolveEllipse(spec: unknown, path: FieldPath, problems: Problems): Shape | undefined {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const cx = coordinate(fields["cx"], [...path, "cx"], problems);
  const cy = coordinate(fields["cy"], [...path, "cy"], problems);
  const rx = problems.number(fields["rx"], [...path, "rx"], LENGTH);
  const ry = problems.number(fields["ry"], [...path, "ry"], LENGTH);
  endsInside("cx + rx", cx + rx, rx, [...path, "rx"], problems);
  startsInside("cx - rx", cx - rx, rx, [...path, "rx"], problems);
  endsInside("cy + ry", cy + ry, ry, [...path, "ry"], problems);
  startsInside("cy - ry", cy - ry, ry, [...path, "ry"], problems);
  return problems.found.length > before ? undefined : { kind: "ELLIPSE", cx, cy, rx, ry };
}

/** A polygon inside of the canvas, and its holes; each ring encloses an area. Its points are added to the usage. */
export function resolvePolygon(
  spec: unknown,
  path: FieldPath,
  usage: { points: number },
  problems: Problems,
): Shape | undefined {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const points = readRing(fields["points"], [...path, "points"], usage, problems);
  const at = [...path, "holes"];
  const holes: (readonly Point[])[] = [];
  for (const [i, ring] of problems.items(fields["holes"], at).entries()) {
    if (usage.points > MAX_POINTS) break;
    const hole = readRing(ring, [...at, i], usage, problems);
    if (hole !== undefined) holes.push(hole);
  }
  if (problems.found.length > before || points === undefined) return undefined;
  return { kind: "POLYGON", points, holes };
}

function readRing(
  spec: unknown,
  at: FieldPath,
  usage: { points: number },
  problems: Problems,
): readonly Point[] | undefined {
  const before = problems.found.length;
  const items = problems.items(spec, at);
  if (problems.found.length > before) return undefined;
  // Every ring costs as much as three points, so that a list of empty ones comes to an end too.
  usage.points += Math.max(3, items.length);
  if (items.length < 3) {
    problems.add(code, at, items.length, "must have at least 3 points");
    return undefined;
  }
  if (usage.points > MAX_POINTS) {
    problems.add(code, at, items.length, `must leave the layout's polygons at most ${MAX_POINTS} points`);
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
    problems.add(code, at, items, "must enclose an area: all points lie on one line");
    return undefined;
  }
  return points;
}

/** A cell of the layout's grid. */
export function resolveCell(
  value: unknown,
  path: FieldPath,
  cells: number | null,
  problems: Problems,
): Shape | undefined {
  const cell = problems.number(value, path, {});
  if (Number.isNaN(cell)) return undefined;
  if (cells === null) {
    problems.add(code, path, value, "needs a grid, the layout has none");
    return undefined;
  }
  if (!Number.isInteger(cell) || cell < 0 || cell >= cells) {
    const last = Number.isNaN(cells) ? "" : ` to ${cells - 1}`;
    problems.add("OUT_OF_RANGE", path, value, `must be a whole number from 0${last}`);
    return undefined;
  }
  return { kind: "CELL", cell };
}

/** Half of all saturations and values: more would take a colour for another. */
const MAX_TOLERANCE = 0.5;

/** A reference to an image; whether that has been uploaded is seen where its mask is drawn. */
export function resolveMask(spec: unknown, path: FieldPath, problems: Problems): Shape | undefined {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return undefined;
  const text = problems.text(fields["asset"], [...path, "asset"]);
  const asset = readMaskAsset(text);
  if (asset === undefined && problems.found.length === before) {
    const rule = "must be an image's 64 lower-case hex digits, or its path on this server";
    problems.add("INVALID_VALUE", [...path, "asset"], text, rule);
  }
  const given = fields["colour"] !== null && fields["colour"] !== undefined;
  const channel = problems.choice(
    fields["channel"],
    [...path, "channel"],
    MASK_CHANNELS,
    given ? "COLOUR" : "LUMINANCE",
  ) ?? "LUMINANCE";
  const colour = given ? readColour(problems.text(fields["colour"], [...path, "colour"])) ?? null : null;
  if (channel === "COLOUR" && !given) {
    problems.add("INVALID_VALUE", [...path, "colour"], fields["colour"], "must be set for channel COLOUR");
  } else if (channel !== "COLOUR" && given) {
    problems.add("INVALID_VALUE", [...path, "colour"], fields["colour"], `must not be set for channel ${channel}`);
  } else if (typeof fields["colour"] === "string" && colour === null) {
    problems.add("INVALID_VALUE", [...path, "colour"], fields["colour"], 'must be "#" and six hex digits');
  }
  const tolerance = problems.number(fields["tolerance"], [...path, "tolerance"], {
    fallback: 0,
    min: 0,
    max: MAX_TOLERANCE,
  });
  if (tolerance > 0 && channel !== "COLOUR") {
    problems.add("INVALID_VALUE", [...path, "tolerance"], tolerance, `must not be set for channel ${channel}`);
  }
  const inverted = problems.flag(fields["inverted"], [...path, "inverted"], false);
  if (problems.found.length > before || asset === undefined) return undefined;
  return { kind: "MASK", asset, channel, colour, ...(tolerance > 0 ? { tolerance } : {}), inverted };
}

function coordinate(value: unknown, path: FieldPath, problems: Problems): number {
  const number = problems.number(value, path, {});
  if (number < -TOLERANCE || number > 1 + TOLERANCE) {
    problems.add(code, path, value, "must lie inside the canvas, from 0 to 1");
    return NaN;
  }
  return number;
}

/** NaN passes: what made it is noted already. */
function endsInside(sum: string, end: number, value: number, path: FieldPath, problems: Problems): void {
  if (end > 1 + TOLERANCE) {
    problems.add(code, path, value, `must end inside the canvas: ${sum} is ${end}, at most 1`);
  }
}

function startsInside(difference: string, start: number, value: number, path: FieldPath, problems: Problems): void {
  if (start < -TOLERANCE) {
    problems.add(code, path, value, `must start inside the canvas: ${difference} is ${start}, at least 0`);
  }
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

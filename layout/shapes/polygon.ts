/** Polygons with holes. */

import type { FieldPath } from "../../errors.ts";
import type { Maybe, Problems } from "../../problems.ts";
import type { PixelPoint } from "../../wasm/shapes.ts";
import type { Point } from "../fractions.ts";
import { polygonMask } from "../masks/rasterize.ts";
import { defineOnce, type SvgCanvas } from "../svg/canvas.ts";
import { element, number } from "../svg/markup.ts";
import { coordinate } from "./coordinates.ts";
import type { ShapeKind, Usage } from "./kind.ts";

/** A polygon without its holes, all of them closed rings under the even-odd rule; each encloses an area. */
export interface PolygonShape {
  readonly kind: "POLYGON";
  readonly points: readonly Point[];
  readonly holes: readonly (readonly Point[])[];
}

/** A polygon as callers send it. */
export interface PolygonSpec {
  readonly points: readonly Point[];
  readonly holes?: Maybe<readonly (readonly Point[])[]>;
}

/** The fewest points of a ring, and the most of a layout's polygons, those of holes included: masks cost what they count. */
const RING = { minItems: 3, maxItems: 16_384 } as const;

export const POLYGON: ShapeKind<PolygonShape, PolygonSpec> = {
  kind: "POLYGON",
  field: "polygon",
  input: {
    description: "A polygon.",
    type: {
      name: "PolygonInput",
      description: "A closed polygon; where it crosses itself, the even-odd rule decides what is inside.",
      fields: {
        points: { type: ["Point"], description: "At least three corners, in order.", keywords: RING },
        holes: {
          type: [["Point"]],
          optional: true,
          description: "Polygons that are cut out of it. Default: none.",
          itemKeywords: RING,
        },
      },
    },
  },
  output: {
    name: "PolygonGeometry",
    description: "A closed polygon under the even-odd rule.",
    fields: {
      points: { type: ["Point"], description: "Its corners, in order." },
      holes: { type: [["Point"]], description: "Polygons that are cut out of it." },
    },
  },

  resolve(spec, path, { problems, usage }) {
    const before = problems.found.length;
    const fields = problems.fields(spec, path);
    if (fields === undefined) return undefined;
    const points = readRing(fields["points"], [...path, "points"], usage, problems);
    const at = [...path, "holes"];
    const holes: (readonly Point[])[] = [];
    for (const [i, ring] of problems.items(fields["holes"], at).entries()) {
      if (usage.points > RING.maxItems) break;
      const hole = readRing(ring, [...at, i], usage, problems);
      if (hole !== undefined) holes.push(hole);
    }
    if (problems.found.length > before || points === undefined) return undefined;
    return { kind: "POLYGON", points, holes };
  },

  spec: ({ points, holes }) => holes.length === 0 ? { points } : { points, holes },

  mask({ points, holes }, { width, height }) {
    const inPixels = (ring: readonly Point[]) => scaled(ring, width, height);
    return polygonMask(inPixels(points), width, height, holes.map(inPixels));
  },

  kernel: ({ points, holes }, { width, height }) => ({
    kind: "EDGES",
    rings: [points, ...holes].map((ring) => scaled(ring, width, height)),
  }),

  fill(shape, canvas, reach) {
    const path = () => {
      const rings = [shape.points, ...shape.holes].map((ring) => beyondBorder(ring, canvas, reach));
      return element("path", { d: rings.map(ringPath).join(""), "fill-rule": "evenodd" });
    };
    return reach > 0 ? path() : element("use", { href: defineOnce(shape, path, canvas) });
  },
};

/** The points of a ring, which are added to the usage. */
function readRing(spec: unknown, at: FieldPath, usage: Usage, problems: Problems): readonly Point[] | undefined {
  const before = problems.found.length;
  const items = problems.items(spec, at);
  if (problems.found.length > before) return undefined;
  const { minItems, maxItems } = RING;
  // Every ring costs as much as the smallest, so that a list of empty ones comes to an end too.
  usage.points += Math.max(minItems, items.length);
  if (items.length < minItems) {
    problems.add("INVALID_GEOMETRY", at, items.length, `must have at least ${minItems} points`);
    return undefined;
  }
  if (usage.points > maxItems) {
    const rule = `must leave the layout's polygons at most ${maxItems} points`;
    problems.add("INVALID_GEOMETRY", at, items.length, rule);
    return undefined;
  }
  const points = items.map((item, i): Point => {
    const fields = problems.fields(item, [...at, i]);
    if (fields === undefined) return { x: NaN, y: NaN };
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
  return points;
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

function scaled(ring: readonly Point[], width: number, height: number): readonly PixelPoint[] {
  return ring.map(({ x, y }) => ({ x: x * width, y: y * height }));
}

/** The ring in pixels; its edges along the canvas's border are moved outwards by `reach`. */
function beyondBorder(
  ring: readonly Point[],
  { width, height }: SvgCanvas,
  reach: number,
): readonly PixelPoint[] {
  const pixel = ({ x, y }: Point): PixelPoint => ({ x: x * width, y: y * height });
  if (reach === 0) return ring.map(pixel);
  return ring.flatMap((a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    const along = (axis: "x" | "y", border: number) => a[axis] === border && b[axis] === border;
    const across = along("x", 0) ? -reach : along("x", 1) ? reach : 0;
    const down = along("y", 0) ? -reach : along("y", 1) ? reach : 0;
    if (across === 0 && down === 0) return [pixel(a)];
    const moved = (point: Point) => ({ x: pixel(point).x + across, y: pixel(point).y + down });
    return [pixel(a), moved(a), moved(b)];
  });
}

function ringPath(ring: readonly PixelPoint[]): string {
  return `M${ring.map(({ x, y }) => `${number(x)} ${number(y)}`).join("L")}Z`;
}

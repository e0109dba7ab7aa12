// deno-lint-ignore-file no-non-null-assertion
/** Resolving shapes, what is made of them, and the rest: what they become, and every broken rule. */

import assert from "node:assert/strict";
import type { InvalidInputCode } from "../../../errors.ts";
import type { GeometrySpec, LayoutSpec, RegionSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { resolveOrThrow } from "../random_layout.ts";

const GEOMETRY = "layout.regions[0].geometry";
const disc = { ellipse: { cx: 0.5, cy: 0.5, rx: 0.25, ry: 0.5 } };
const whole = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
const hash = "0123456789abcdef".repeat(4);
const triangle = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }];

function messages(spec: unknown): string[] {
  const result = resolveLayout(spec as LayoutSpec, { maxRegions: 8 });
  return "problems" in result ? result.problems.map(({ code, message }) => `${code} ${message}`) : [];
}

const problemsOf = (geometry: unknown) => messages({ regions: [{ prompt: "a", geometry }] });
const resolvedShape = (geometry: GeometrySpec) =>
  resolveOrThrow({ regions: [{ prompt: "a", geometry }] }).regions[0]!.geometry;

Deno.test("shapes become what they say, with their defaults filled in", () => {
  assert.deepEqual(resolvedShape(disc), { kind: "ELLIPSE", ...disc.ellipse });
  assert.deepEqual(resolvedShape({ polygon: { points: triangle } }), { kind: "POLYGON", points: triangle, holes: [] });
  assert.deepEqual(resolvedShape({ polygon: { points: triangle, holes: [triangle] } }), {
    kind: "POLYGON",
    points: triangle,
    holes: [triangle],
  });
  assert.deepEqual(resolvedShape({ union: [disc, { subtraction: { from: whole, subtract: [disc] } }] }), {
    kind: "UNION",
    of: [
      { kind: "ELLIPSE", ...disc.ellipse },
      {
        kind: "SUBTRACTION",
        from: { kind: "RECTANGLE", ...whole.rectangle },
        subtract: [{ kind: "ELLIPSE", ...disc.ellipse }],
      },
    ],
  });
  assert.deepEqual(resolvedShape({ rest: true }), { kind: "REST" });
});

Deno.test("a painted mask is named by its hash or its path, and read by colour where one is given", () => {
  const plain = { kind: "MASK", asset: hash, channel: "LUMINANCE", colour: null, inverted: false };
  assert.deepEqual(resolvedShape({ mask: { asset: hash } }), plain);
  assert.deepEqual(resolvedShape({ mask: { asset: `/images/${hash}.png`, inverted: null } }), plain);
  assert.deepEqual(resolvedShape({ mask: { asset: hash, channel: "ALPHA", inverted: true } }), {
    ...plain,
    channel: "ALPHA",
    inverted: true,
  });
  const red = { ...plain, channel: "COLOUR", colour: "#ff00aa" };
  assert.deepEqual(resolvedShape({ mask: { asset: hash, colour: "#FF00aa" } }), red);
});

const nestedUnion = (depth: number): unknown => depth === 1 ? disc : { union: [nestedUnion(depth - 1)] };

const broken: [string, unknown, InvalidInputCode, string, string][] = [
  [
    "an ellipse that leaves the canvas to the right",
    { ellipse: { cx: 0.9, cy: 0.5, rx: 0.2, ry: 0.1 } },
    "INVALID_GEOMETRY",
    ".ellipse.rx",
    "must end inside the canvas: cx + rx is 1.1, at most 1, got 0.2",
  ],
  [
    "an ellipse that leaves the canvas upwards",
    { ellipse: { cx: 0.5, cy: 0.25, rx: 0.1, ry: 0.5 } },
    "INVALID_GEOMETRY",
    ".ellipse.ry",
    "must start inside the canvas: cy - ry is -0.25, at least 0, got 0.5",
  ],
  [
    "an ellipse without height",
    { ellipse: { cx: 0.5, cy: 0.5, rx: 0.1, ry: 0 } },
    "INVALID_GEOMETRY",
    ".ellipse.ry",
    "must be greater than 0, got 0",
  ],
  [
    "an ellipse without centre",
    { ellipse: { cy: 0.5, rx: 0.1, ry: 0.1 } },
    "NOT_A_NUMBER",
    ".ellipse.cx",
    "must be a finite number, got undefined",
  ],
  [
    "a hole of two points",
    { polygon: { points: triangle, holes: [triangle, triangle.slice(1)] } },
    "INVALID_GEOMETRY",
    ".polygon.holes[1]",
    "must have at least 3 points, got 2",
  ],
  [
    "a hole on one line",
    { polygon: { points: triangle, holes: [[triangle[0], triangle[1], triangle[0]]] } },
    "INVALID_GEOMETRY",
    ".polygon.holes[0]",
    'must enclose an area: all points lie on one line, got [{"x":0,"y":0},{"x":1,"y":0},{"x":0,"y":0}]',
  ],
  [
    "a hole outside",
    { polygon: { points: triangle, holes: [[triangle[0], triangle[1], { x: 2, y: 0 }]] } },
    "INVALID_GEOMETRY",
    ".polygon.holes[0][2].x",
    "must lie inside the canvas, from 0 to 1, got 2",
  ],
  [
    "too many points in all",
    { polygon: { points: triangle, holes: Array(6000).fill(triangle) } },
    "INVALID_GEOMETRY",
    ".polygon.holes[5460]",
    "must leave the layout's polygons at most 16384 points, got 3",
  ],
  [
    "holes that are no list",
    { polygon: { points: triangle, holes: 1 } },
    "INVALID_VALUE",
    ".polygon.holes",
    "must be a list, got 1",
  ],
  [
    "a mask of no hash",
    { mask: { asset: "fox.png" } },
    "INVALID_VALUE",
    ".mask.asset",
    'must be an image\'s 64 lower-case hex digits, or its path on this server, got "fox.png"',
  ],
  [
    "a mask of upper-case digits",
    { mask: { asset: "A".repeat(64) } },
    "INVALID_VALUE",
    ".mask.asset",
    `must be an image's 64 lower-case hex digits, or its path on this server, got "${"A".repeat(64)}"`,
  ],
  [
    "a mask of another server",
    { mask: { asset: `http://localhost/images/${hash}.png` } },
    "INVALID_VALUE",
    ".mask.asset",
    `must be an image's 64 lower-case hex digits, or its path on this server, got "http://localhost/images/${
      hash.slice(0, 77 - 25)
    }...`,
  ],
  ["a mask without asset", { mask: {} }, "INVALID_VALUE", ".mask.asset", "must be a string, got undefined"],
  [
    "a mask of an unknown channel",
    { mask: { asset: hash, channel: "RED" } },
    "INVALID_VALUE",
    ".mask.channel",
    'must be one of ALPHA, LUMINANCE, COLOUR, got "RED"',
  ],
  [
    "a colour mask without colour",
    { mask: { asset: hash, channel: "COLOUR" } },
    "INVALID_VALUE",
    ".mask.colour",
    "must be set for channel COLOUR, got undefined",
  ],
  [
    "an alpha mask with a colour",
    { mask: { asset: hash, channel: "ALPHA", colour: "#ff0000" } },
    "INVALID_VALUE",
    ".mask.colour",
    'must not be set for channel ALPHA, got "#ff0000"',
  ],
  [
    "a colour by name",
    { mask: { asset: hash, colour: "red" } },
    "INVALID_VALUE",
    ".mask.colour",
    'must be "#" and six hex digits, got "red"',
  ],
  [
    "a colour that is a number",
    { mask: { asset: hash, colour: 255 } },
    "INVALID_VALUE",
    ".mask.colour",
    "must be a string, got 255",
  ],
  [
    "a mask inverted by a word",
    { mask: { asset: hash, inverted: "no" } },
    "INVALID_VALUE",
    ".mask.inverted",
    'must be true or false, got "no"',
  ],
  ["an empty union", { union: [] }, "INVALID_GEOMETRY", ".union", "must have at least one shape, got []"],
  ["a union of no list", { union: disc }, "INVALID_VALUE", ".union", `must be a list, got ${JSON.stringify(disc)}`],
  [
    "a subtraction of nothing",
    { subtraction: { from: whole, subtract: [] } },
    "INVALID_GEOMETRY",
    ".subtraction.subtract",
    "must have at least one shape, got []",
  ],
  [
    "a subtraction from nothing",
    { subtraction: { subtract: [disc] } },
    "INVALID_VALUE",
    ".subtraction.from",
    "must be an object, got undefined",
  ],
  ["a rest that is false", { rest: false }, "INVALID_GEOMETRY", ".rest", "must be true where it is set, got false"],
  [
    "a rest in a union",
    { union: [disc, { rest: true }] },
    "INVALID_GEOMETRY",
    ".union[1].rest",
    "must be a region's whole geometry, not a part of a union or subtraction, got true",
  ],
  [
    "a cell in a union without grid",
    { union: [{ cell: 0 }] },
    "INVALID_GEOMETRY",
    ".union[0].cell",
    "needs a grid, the layout has none, got 0",
  ],
  [
    "nine shapes inside of one another",
    nestedUnion(9),
    "INVALID_GEOMETRY",
    ".union[0]".repeat(8),
    `must be at most 8 shapes deep, got ${JSON.stringify(disc)}`,
  ],
  ["257 shapes, counting the union", { union: Array(256).fill(disc) }, "INVALID_GEOMETRY", "", ""],
];

for (const [what, geometry, code, at, rule] of broken) {
  Deno.test(`${what} is ${code}`, () => {
    const found = problemsOf(geometry);
    if (rule === "") {
      assert(found.some((m) => m.startsWith(`${code} ${GEOMETRY}: must leave the layout at most 256 shapes, got `)));
    } else assert.deepEqual(found, [`${code} ${GEOMETRY}${at}: ${rule}`]);
  });
}

Deno.test("eight shapes deep, and 256 shapes, are allowed", () => {
  assert.deepEqual(problemsOf(nestedUnion(8)), []);
  assert.deepEqual(problemsOf({ union: Array(255).fill(disc) }), []);
});

Deno.test("all of a combined shape's problems come at once", () => {
  const off = { ellipse: { cx: 0, cy: 0.5, rx: 0.25, ry: 0.25 } };
  const subtraction = { from: { union: [off, disc] }, subtract: [{}, { mask: { asset: "" } }] };
  assert.deepEqual(problemsOf({ subtraction }).map((m) => m.split(": ")[0]), [
    `INVALID_GEOMETRY ${GEOMETRY}.subtraction.from.union[0].ellipse.rx`,
    `INVALID_GEOMETRY ${GEOMETRY}.subtraction.subtract[0]`,
    `INVALID_VALUE ${GEOMETRY}.subtraction.subtract[1].mask.asset`,
  ]);
});

Deno.test("one region at most is the rest, and it has no feather of its own", () => {
  const rest: RegionSpec = { prompt: "sky", geometry: { rest: true } };
  assert.deepEqual(messages({ regions: [rest, { ...rest, enabled: false }, { ...rest, feather: 0.1 }] }), [
    "INVALID_VALUE layout.regions[2].feather: must be 0 for the rest: it follows the others' borders, got 0.1",
    "INVALID_GEOMETRY layout.regions[1].geometry.rest: must be set for one region at most, regions[0] is the rest, got true",
    "INVALID_GEOMETRY layout.regions[2].geometry.rest: must be set for one region at most, regions[0] is the rest, got true",
  ]);
});

Deno.test("a disabled region is checked like the others, and keeps its cell", () => {
  assert.deepEqual(messages({ regions: [{ prompt: "a", enabled: false, geometry: { cell: 0 } }] }), [
    "INVALID_GEOMETRY layout.regions[0].geometry.cell: needs a grid, the layout has none, got 0",
  ]);
  const { regions } = resolveOrThrow({
    grid: { direction: "COLUMNS", ratios: "1,1,1,1" },
    regions: [
      { prompt: "a", enabled: false },
      { prompt: "b" },
      { prompt: "c", enabled: false, geometry: { cell: 1 } },
      {
        prompt: "d",
      },
    ],
  });
  assert.deepEqual(regions.map(({ geometry }) => geometry.kind === "CELL" && geometry.cell), [0, 2, 1, 3]);
});

Deno.test("a cell inside of a union is taken; one that a subtraction cuts out is free", () => {
  const { regions } = resolveOrThrow({
    grid: { direction: "COLUMNS", ratios: "1,1,1,1" },
    regions: [
      {
        prompt: "a",
        geometry: { union: [{ cell: 0 }, { subtraction: { from: { cell: 2 }, subtract: [{ cell: 1 }] } }] },
      },
      { prompt: "b" },
      { prompt: "c" },
    ],
  });
  assert.deepEqual(regions.slice(1).map(({ geometry }) => geometry.kind === "CELL" && geometry.cell), [1, 3]);
});

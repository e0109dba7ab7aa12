// deno-lint-ignore-file no-non-null-assertion
/** Resolving layouts: the defaults, and every way in which one can be wrong. */

import assert from "node:assert/strict";
import type { FieldPath, InvalidInputCode } from "../../../errors.ts";
import { type Layout, type LayoutSpec, PLAIN_LAYOUT, type RegionSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

const left: RegionSpec = { prompt: "a fox", geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } };

function resolved(spec: LayoutSpec): Layout {
  const result = resolveLayout(spec, { maxRegions: 8 });
  assert("layout" in result, "problems" in result ? result.problems.map((p) => p.message).join("\n") : "");
  return result.layout;
}

function problems(spec: unknown, maxRegions = 8): { code: InvalidInputCode; path: FieldPath; value: unknown }[] {
  const result = resolveLayout(spec as LayoutSpec, { maxRegions });
  assert("problems" in result, "the layout was accepted");
  return result.problems.map(({ code, path, value }) => ({ code, path, value }));
}

Deno.test("an empty layout is a plain picture", () => {
  assert.deepEqual(resolved({}), {
    aspect: null,
    promptSyntax: "WEIGHTED",
    emphasis: "NO_NORM",
    commonPrompt: "",
    commonNegativePrompt: "",
    commonPlacement: "PREFIX",
    basePrompt: "",
    negativePrompt: "",
    overlap: "NORMALIZE",
    holes: "BASE",
    grid: null,
    regions: [],
  });
  assert.deepEqual(resolved({}), PLAIN_LAYOUT);
});

Deno.test("every default of a region is filled in, for null as for undefined", () => {
  const expected = {
    name: "region 1",
    geometry: { kind: "RECTANGLE", x: 0, y: 0, width: 0.5, height: 1 },
    prompt: "a fox",
    style: "",
    negativePrompt: null,
    weight: 1,
    baseRatio: 0,
    feather: 0,
    z: 0,
    start: 0,
    end: 1,
    guidanceScale: null,
    seed: null,
    enabled: true,
  };
  const nulls = Object.fromEntries(Object.keys(expected).map((key) => [key, null]));
  assert.deepEqual(resolved({ regions: [left] }).regions, [expected]);
  assert.deepEqual(resolved({ regions: [{ ...nulls, ...left } as RegionSpec] }).regions, [expected]);
  assert.deepEqual(
    resolved({ regions: [{ ...left, geometry: { ...left.geometry!, polygon: null, cell: null } }] }).regions,
    [expected],
  );
});

Deno.test("regions without geometry take the cells that no region names, in order", () => {
  const { regions } = resolved({
    grid: { direction: "COLUMNS", ratios: "1,1,1" },
    regions: [{ prompt: "a" }, { prompt: "b", geometry: { cell: 0 } }, left, { prompt: "c" }],
  });
  assert.deepEqual(regions.map((r) => r.geometry.kind === "CELL" ? r.geometry.cell : null), [1, 0, null, 2]);
});

Deno.test("a grid whose cells are all named may leave some empty", () => {
  const grid = { direction: "ROWS", ratios: "1,1,1" } as const;
  assert.equal(resolved({ grid, regions: [{ prompt: "a", geometry: { cell: 2 } }] }).regions.length, 1);
});

Deno.test("too few and too many regions for a grid's cells are errors", () => {
  const grid = { direction: "COLUMNS", ratios: "1,1" } as const;
  assert.deepEqual(problems({ grid, regions: [{ prompt: "a" }] }), [
    { code: "INVALID_GEOMETRY", path: ["layout", "regions"], value: 1 },
  ]);
  assert.deepEqual(problems({ grid, regions: [{ prompt: "a" }, { prompt: "b" }, { prompt: "c" }] }), [
    { code: "INVALID_GEOMETRY", path: ["layout", "regions", 2, "geometry"], value: null },
  ]);
});

Deno.test("all problems come at once, each at its field", () => {
  const found = problems({
    overlap: "MULTIPLY",
    grid: { direction: "COLUMNS", ratios: "1,,2" },
    regions: [
      { ...left, name: "fox", weight: -2, feather: 0.6 },
      { ...left, name: "fox", start: 0.5, end: 0.5, geometry: { rectangle: { x: 0.5, y: 0, width: 0.75, height: 0 } } },
    ],
  });
  assert.deepEqual(found, [
    { code: "INVALID_VALUE", path: ["layout", "overlap"], value: "MULTIPLY" },
    { code: "INVALID_RATIO", path: ["layout", "grid", "ratios"], value: "1,,2" },
    { code: "OUT_OF_RANGE", path: ["layout", "regions", 0, "weight"], value: -2 },
    { code: "OUT_OF_RANGE", path: ["layout", "regions", 0, "feather"], value: 0.6 },
    { code: "INVALID_GEOMETRY", path: ["layout", "regions", 1, "geometry", "rectangle", "height"], value: 0 },
    { code: "INVALID_GEOMETRY", path: ["layout", "regions", 1, "geometry", "rectangle", "width"], value: 0.75 },
    { code: "OUT_OF_RANGE", path: ["layout", "regions", 1, "end"], value: 0.5 },
    { code: "INVALID_VALUE", path: ["layout", "regions", 1, "name"], value: "fox" },
  ]);
});

Deno.test("messages name the field, the rule and the value", () => {
  const result = resolveLayout({ regions: [{ ...left, weight: -2 }] }, { maxRegions: 8, path: ["input", "layout"] });
  assert("problems" in result);
  assert.equal(result.problems[0]!.message, "input.layout.regions[0].weight: must be greater than 0, got -2");
});

const fields: [string, unknown, InvalidInputCode][] = [
  ["name", "", "INVALID_VALUE"],
  ["name", 7, "INVALID_VALUE"],
  ["prompt", null, "INVALID_VALUE"],
  ["negativePrompt", 7, "INVALID_VALUE"],
  ["weight", 0, "OUT_OF_RANGE"],
  ["weight", 1e7, "OUT_OF_RANGE"],
  ["weight", "2", "NOT_A_NUMBER"],
  ["weight", NaN, "NOT_A_NUMBER"],
  ["baseRatio", -0.1, "OUT_OF_RANGE"],
  ["baseRatio", 1.1, "OUT_OF_RANGE"],
  ["feather", -1, "OUT_OF_RANGE"],
  ["z", Infinity, "NOT_A_NUMBER"],
  ["start", -0.1, "OUT_OF_RANGE"],
  ["end", 1.5, "OUT_OF_RANGE"],
  ["end", 0, "OUT_OF_RANGE"],
  ["guidanceScale", -1, "OUT_OF_RANGE"],
  ["guidanceScale", NaN, "NOT_A_NUMBER"],
  ["style", 7, "INVALID_VALUE"],
  ["seed", -1, "OUT_OF_RANGE"],
  ["seed", 1.5, "OUT_OF_RANGE"],
  ["seed", 2 ** 32, "OUT_OF_RANGE"],
  ["enabled", "yes", "INVALID_VALUE"],
];

for (const [field, value, code] of fields) {
  Deno.test(`a region's ${field} of ${String(value) || '""'} is ${code}`, () => {
    const found = problems({ regions: [{ ...left, [field]: value }] });
    assert.deepEqual(found, [{ code, path: ["layout", "regions", 0, field], value }]);
  });
}

const point = (x: number, y: number) => ({ x, y });
const geometries: [string, unknown, InvalidInputCode, FieldPath][] = [
  ["of no kind", {}, "INVALID_GEOMETRY", []],
  ["of two kinds", { cell: 0, rectangle: { x: 0, y: 0, width: 1, height: 1 } }, "INVALID_GEOMETRY", []],
  ["that is missing", null, "INVALID_GEOMETRY", []],
  ["that is a word", "left", "INVALID_VALUE", []],
  ["to the left of the canvas", { rectangle: { x: -0.1, y: 0, width: 0.5, height: 1 } }, "INVALID_GEOMETRY", [
    "rectangle",
    "x",
  ]],
  ["below the canvas", { rectangle: { x: 0, y: 0.5, width: 0.5, height: 0.6 } }, "INVALID_GEOMETRY", [
    "rectangle",
    "height",
  ]],
  ["without width", { rectangle: { x: 0, y: 0, width: 0, height: 1 } }, "INVALID_GEOMETRY", ["rectangle", "width"]],
  ["with a width of NaN", { rectangle: { x: 0, y: 0, width: NaN, height: 1 } }, "NOT_A_NUMBER", ["rectangle", "width"]],
  ["of two points", { polygon: { points: [point(0, 0), point(1, 1)] } }, "INVALID_GEOMETRY", ["polygon", "points"]],
  ["on one line", { polygon: { points: [point(0, 0), point(1, 1), point(0.5, 0.5)] } }, "INVALID_GEOMETRY", [
    "polygon",
    "points",
  ]],
  ["with a point outside", { polygon: { points: [point(0, 0), point(1, 2), point(0, 1)] } }, "INVALID_GEOMETRY", [
    "polygon",
    "points",
    1,
    "y",
  ]],
  ["of a cell without a grid", { cell: 0 }, "INVALID_GEOMETRY", ["cell"]],
];

for (const [what, geometry, code, path] of geometries) {
  Deno.test(`a geometry ${what} is ${code}`, () => {
    const found = problems({ regions: [{ ...left, geometry }] });
    const expected = { code, path: ["layout", "regions", 0, "geometry", ...path] };
    assert.deepEqual(found.map((p) => ({ code: p.code, path: p.path })), [expected]);
  });
}

Deno.test("a cell that the grid does not have is out of range", () => {
  for (const cell of [2, -1, 0.5]) {
    const found = problems({
      grid: { direction: "COLUMNS", ratios: "1,1" },
      regions: [{ prompt: "a", geometry: { cell } }],
    });
    assert.deepEqual(found, [{
      code: "OUT_OF_RANGE",
      path: ["layout", "regions", 0, "geometry", "cell"],
      value: cell,
    }]);
  }
});

Deno.test("a bow tie encloses an area, and edges may leave the canvas by rounding", () => {
  const bowTie = { polygon: { points: [point(0, 0), point(1, 1), point(1, 0), point(0, 1)] } };
  const rounded = { rectangle: { x: 0.1 + 0.2, y: 0, width: 0.7, height: 1 + 5e-10 } };
  assert.equal(
    resolved({ regions: [{ ...left, geometry: bowTie }, { ...left, geometry: rounded }] }).regions.length,
    2,
  );
});

Deno.test("more regions than allowed are TOO_MANY_REGIONS", () => {
  assert.deepEqual(problems({ regions: [left, left, left] }, 2).slice(0, 1), [
    { code: "TOO_MANY_REGIONS", path: ["layout", "regions"], value: 3 },
  ]);
});

// deno-lint-ignore-file no-non-null-assertion
/** Resolving nested grids: every broken rule, and the limits. */

import assert from "node:assert/strict";
import type { GridSpec, LayoutSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

function messages(spec: unknown): string[] {
  const result = resolveLayout(spec as LayoutSpec, { maxRegions: 8 });
  return "problems" in result ? result.problems.map(({ code, message }) => `${code} ${message}`) : [];
}

const columns = (ratios: string, ...nested: unknown[]) => ({ direction: "COLUMNS", ratios, nested });
const deepGrid = (depth: number): unknown =>
  depth === 1 ? columns("1") : columns("1", { cell: 0, grid: deepGrid(depth - 1) });

const grids: [string, unknown, string[]][] = [
  ["a nested grid in a cell that is not there", columns("1,1", { cell: 2, grid: columns("1") }), [
    "OUT_OF_RANGE layout.grid.nested[0].cell: must be a whole number from 0 to 1, got 2",
  ]],
  ["two grids in one cell", columns("1,1", { cell: 1, grid: columns("1") }, { cell: 1, grid: columns("2") }), [
    "INVALID_GEOMETRY layout.grid.nested[1].cell: must be a cell that no other nested grid cuts, nested[0] cuts it, got 1",
  ]],
  ["more nested grids than cells", columns("1", {}, {}), [
    "INVALID_GEOMETRY layout.grid.nested: must have at most 1 grids, one per cell, got 2",
  ]],
  [
    "a nested grid that is broken in every way",
    columns("1", { cell: 0.5, grid: { direction: "UP", ratios: 7, nested: 8 } }),
    [
      "OUT_OF_RANGE layout.grid.nested[0].cell: must be a whole number from 0 to 0, got 0.5",
      'INVALID_VALUE layout.grid.nested[0].grid.direction: must be one of COLUMNS, ROWS, got "UP"',
      "INVALID_VALUE layout.grid.nested[0].grid.ratios: must be a string, got 7",
      "INVALID_VALUE layout.grid.nested[0].grid.nested: must be a list, got 8",
    ],
  ],
  ["a broken text in a nested grid", columns("1", { cell: 0, grid: columns("1,x") }), [
    'INVALID_RATIO layout.grid.nested[0].grid.ratios: must be positive numbers separated by "," and ";": not a number at position 2, got "1,x"',
  ]],
  ["nine grids inside of one another", deepGrid(9), [
    `INVALID_GEOMETRY layout.grid${".nested[0].grid".repeat(8)}: must be at most 8 grids deep, got ${
      JSON.stringify(columns("1"))
    }`,
  ]],
  ["1025 cells", columns(Array(1025).fill(1).join(",")), [
    "OUT_OF_RANGE layout.grid: must have at most 1024 cells, nested ones included, got 1025",
  ]],
];

for (const [what, grid, expected] of grids) {
  Deno.test(`${what}: ${expected[0]!.split(" ")[0]}`, () => assert.deepEqual(messages({ grid }), expected));
}

Deno.test("nested cells too thin for a number are INVALID_RATIO", () => {
  const thin = columns("1,1e15", { cell: 1, grid: columns("1e15,1", { cell: 1, grid: columns("1e15,1") }) });
  assert.match(messages({ grid: thin })[0]!, /^INVALID_RATIO layout\.grid: must leave every cell an area/);
});

Deno.test("eight grids deep are allowed, and cells of nested grids can be named", () => {
  assert.deepEqual(messages({ grid: deepGrid(8) }), []);
  const grid = columns("1,1", { cell: 0, grid: columns("1,1,1") }) as GridSpec;
  assert.deepEqual(messages({ grid, regions: [{ prompt: "a", geometry: { cell: 3 } }] }), []);
  assert.deepEqual(messages({ grid, regions: [{ prompt: "a", geometry: { cell: 4 } }] }), [
    "OUT_OF_RANGE layout.regions[0].geometry.cell: must be a whole number from 0 to 3, got 4",
  ]);
});

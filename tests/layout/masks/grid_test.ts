// deno-lint-ignore-file no-non-null-assertion
/** Nested grids: the cells tile the canvas, and are counted in place. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { gridCells } from "../../../layout/masks/grid.ts";
import type { Grid, GridSpec } from "../../../layout/layout.ts";
import { parseRatios } from "../../../layout/masks/ratios.ts";
import { writeRow } from "../../../layout/masks/mask.ts";
import { regionMasks } from "../../../layout/weights/weight_maps.ts";
import { resolveOrThrow } from "../random_layout.ts";

const direction = fc.constantFrom("COLUMNS" as const, "ROWS" as const);
const ratio = fc.double({ min: 0.1, max: 9, noNaN: true }).map((n) => n.toFixed(2));
const ratios = fc.array(fc.array(ratio, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((rows) => rows.map((row) => row.join(",")).join(";"));

const { grid: randomGrid } = fc.letrec<{ grid: Grid }>((tie) => ({
  grid: fc.record({
    direction,
    ratios,
    nested: fc.oneof(
      { maxDepth: 3 },
      fc.constant<Grid["nested"]>([]),
      fc.uniqueArray(fc.record({ cell: fc.nat(8), grid: tie("grid") }), { maxLength: 2, selector: (n) => n.cell })
        .map((nested): Grid["nested"] => nested),
    ),
  }).map(({ direction, ratios, nested }): Grid => {
    const cells = parseRatios(ratios, direction).length;
    return { direction, ratios, nested: nested.filter(({ cell }) => cell < cells) };
  }),
}));

function layoutOf(grid: GridSpec, count: number) {
  return resolveOrThrow({ grid, regions: Array.from({ length: count }, () => ({ prompt: "a" })) });
}

Deno.test("the cells of nested grids tile the canvas: every point lies in exactly one", () => {
  const points = fc.array(fc.record({ x: fc.integer({ min: 1, max: 9966 }), y: fc.integer({ min: 1, max: 9966 }) }), {
    minLength: 20,
    maxLength: 20,
  });
  fc.assert(fc.property(randomGrid, points, (grid, points) => {
    const cells = gridCells(grid);
    assert(Math.abs(cells.reduce((sum, { width, height }) => sum + width * height, 0) - 1) < 1e-12);
    for (const { x, y } of points.map((p) => ({ x: p.x / 9967, y: p.y / 9967 }))) {
      const inside = cells.filter((c) => c.x <= x && x < c.right && c.y <= y && y < c.bottom);
      assert.equal(inside.length, 1, `(${x}, ${y})`);
    }
  }));
});

Deno.test("the masks of nested cells sum to 1 at every pixel", () => {
  fc.assert(
    fc.property(randomGrid.filter((grid) => gridCells(grid).length <= 64), (grid) => {
      const width = 37, height = 29, sums = new Float64Array(width * height);
      for (const mask of regionMasks(layoutOf(grid, gridCells(grid).length), { width, height })) {
        for (let y = 0; y < height; y++) {
          const row = new Float64Array(width);
          writeRow(mask, y, row);
          row.forEach((v, x) => sums[y * width + x]! += v);
        }
      }
      assert(sums.every((v) => Math.abs(v - 1) < 1e-12));
    }),
  );
});

Deno.test("nested cells take the place of the cell that they cut, and regions fill them in order", () => {
  const layout = layoutOf({
    direction: "COLUMNS",
    ratios: "1,2,1",
    nested: [
      { cell: 2, grid: { direction: "ROWS", ratios: "1,3" } },
      {
        cell: 0,
        grid: {
          direction: "COLUMNS",
          ratios: "1;1",
          nested: [{ cell: 1, grid: { direction: "COLUMNS", ratios: "1,1" } }],
        },
      },
    ],
  }, 6);
  assert.deepEqual(layout.regions.map(({ geometry }) => geometry.kind === "CELL" && geometry.cell), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(gridCells(layout.grid!).map(({ x, y, width, height }) => [x, y, width, height]), [
    [0, 0, 0.25, 0.5],
    [0, 0.5, 0.125, 0.5],
    [0.125, 0.5, 0.125, 0.5],
    [0.25, 0, 0.5, 1],
    [0.75, 0, 0.25, 0.25],
    [0.75, 0.25, 0.25, 0.75],
  ]);
});

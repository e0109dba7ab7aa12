// deno-lint-ignore-file no-non-null-assertion
/** The ratio syntax: the original's table, and that nothing but a typed error comes of bad text. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../errors.ts";
import type { GridDirection } from "../../../layout/layout.ts";
import { type Cell, parseRatios } from "../../../layout/masks/ratios.ts";

/** Cells as [x, y, width, height], rounded to be comparable. */
function boxes(text: string, direction: GridDirection): number[][] {
  return parseRatios(text, direction).map((c) => [c.x, c.y, c.width, c.height].map((v) => Number(v.toFixed(12))));
}

function transposed(cells: number[][]): number[][] {
  return cells.map(([x, y, width, height]) => [y!, x!, height!, width!]);
}

const twelfth = (n: number) => Number((n / 12).toFixed(12));
const third = Number((1 / 3).toFixed(12)), twoThirds = Number((2 / 3).toFixed(12));

Deno.test("COLUMNS 1,2,1,1;2,4,6: heights 1:2, widths 2:1:1 and 4:6", () => {
  assert.deepEqual(boxes("1,2,1,1;2,4,6", "COLUMNS"), [
    [0, 0, 0.5, third],
    [0.5, 0, 0.25, third],
    [0.75, 0, 0.25, third],
    [0, third, 0.4, twoThirds],
    [0.4, third, 0.6, twoThirds],
  ]);
});

Deno.test("ROWS 1;2;1;1,2;4;6: the same, transposed", () => {
  assert.deepEqual(boxes("1;2;1;1,2;4;6", "ROWS"), transposed(boxes("1,2,1,1;2,4,6", "COLUMNS")));
});

Deno.test("COLUMNS 1;1: two rows, a lone number doubles as its only cell", () => {
  assert.deepEqual(boxes("1;1", "COLUMNS"), [[0, 0, 1, 0.5], [0, 0.5, 1, 0.5]]);
  assert.deepEqual(boxes("1,1,1;1", "COLUMNS"), [[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.5], [0, 0.5, 1, 0.5]]);
});

Deno.test("1D ratios run along the direction: 1,1,1 is three columns or three rows", () => {
  const columns = [[0, 0, third, 1], [third, 0, third, 1], [twoThirds, 0, third, 1]];
  assert.deepEqual(boxes("1,1,1", "COLUMNS"), columns);
  assert.deepEqual(boxes("1,1,1", "ROWS"), transposed(columns));
  assert.deepEqual(boxes("1;1;1", "ROWS"), transposed(columns));
});

Deno.test("COLUMNS 3,1: 75 to 25, decimals and spaces are welcome", () => {
  assert.deepEqual(boxes("3,1", "COLUMNS"), [[0, 0, 0.75, 1], [0.75, 0, 0.25, 1]]);
  assert.deepEqual(boxes(" 1.5 , .5 ", "COLUMNS"), boxes("3,1", "COLUMNS"));
  assert.deepEqual(boxes("5,4,3", "COLUMNS").map(([x]) => x), [0, twelfth(5), twelfth(9)]);
});

Deno.test("edges meet exactly and the last is 1, where sums drift too", () => {
  for (const n of [6, 7, 10, 13, 14, 15, 19]) {
    const cells = parseRatios(Array(n).fill("0.1").join(","), "COLUMNS");
    assert.equal(cells.length, n);
    assert.equal(cells[0]!.x, 0);
    assert.equal(cells.at(-1)!.right, 1);
    cells.slice(1).forEach((cell, i) => assert.equal(cell.x, cells[i]!.right));
  }
});

const bad: [text: string, reason: string, position: number][] = [
  ["", "no numbers", 0],
  ["  ", "no numbers", 0],
  ["1,,2", "empty number", 2],
  ["1,2,", "empty number", 4],
  ["1,2;", "empty number", 4],
  ["1,a", "not a number", 2],
  ["1 2", "not a number", 0],
  ["1, -2", "negative number", 3],
  ["0,0", "zero", 0],
  ["1,1e-999", "zero", 2],
  ["NaN", "number that is not finite", 0],
  ["1,Infinity", "number that is not finite", 2],
  ["1,1e999", "number that is not finite", 2],
  ["1e308,1e308", "sum that is not finite", 6],
  ["1,1e-300", "number too small beside the others", 2],
];

for (const [text, reason, position] of bad) {
  Deno.test(`ratios ${JSON.stringify(text)} are refused: ${reason} at position ${position}`, () => {
    assert.throws(() => parseRatios(text, "COLUMNS"), (error) => {
      assert(error instanceof InvalidInputError);
      assert.equal(error.code, "INVALID_RATIO");
      assert.deepEqual(error.path, ["layout", "grid", "ratios"]);
      assert.equal(
        error.message,
        `layout.grid.ratios: must be positive numbers separated by "," and ";": ${reason} at position ${position}, ` +
          `got ${JSON.stringify(text)}`,
      );
      return true;
    });
  });
}

const direction = fc.constantFrom<GridDirection>("COLUMNS", "ROWS");

Deno.test("parsing is total: cells that cover the canvas, or INVALID_RATIO", () => {
  const nearly = fc.array(fc.constantFrom("1", "2", "0", ".", ",", ";", " ", "e", "-", "9", "x")).map((c) =>
    c.join("")
  );
  fc.assert(fc.property(fc.oneof(fc.string(), nearly), direction, (text, along) => {
    let cells: readonly Cell[];
    try {
      cells = parseRatios(text, along);
    } catch (error) {
      assert(error instanceof InvalidInputError && error.code === "INVALID_RATIO");
      return;
    }
    const area = cells.reduce((sum, c) => sum + c.width * c.height, 0);
    assert(Math.abs(area - 1) < 1e-9, `area ${area}`);
    for (const c of cells) assert(c.width > 0 && c.height > 0 && c.right <= 1 && c.bottom <= 1);
  }));
});

Deno.test("swapping separators and direction transposes every grid of two dimensions", () => {
  const rows = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(fc.property(rows, (numbers) => {
    const text = numbers.map((row) => row.join(",")).join(";");
    const flipped = numbers.map((row) => row.join(";")).join(",");
    assert.deepEqual(boxes(flipped, "ROWS"), transposed(boxes(text, "COLUMNS")));
  }));
});

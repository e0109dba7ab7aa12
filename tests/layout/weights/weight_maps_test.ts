// deno-lint-ignore-file no-non-null-assertion
/** What holds for the weight maps of any layout. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../errors.ts";
import { compileWeightMaps, weightMapLevels } from "../../../layout/weights/weight_maps.ts";
import { IMAGES, randomSpec, resolveOrThrow } from "../random_layout.ts";

const side = fc.integer({ min: 1, max: 90 });
const runs = { numRuns: 60 };

Deno.test("maps are in [0, 1] and sum to 1 at every cell of every level", () => {
  fc.assert(
    fc.property(randomSpec, side, side, fc.integer({ min: 1, max: 9 }), (spec, width, height, factor) => {
      const maps = compileWeightMaps(resolveOrThrow(spec), { width, height, factor }, { images: IMAGES });
      assert.equal(maps.count, (spec.regions?.length ?? 0) + 1);
      let expected: [number, number] = [Math.ceil(height / factor), Math.ceil(width / factor)];
      for (const level of weightMapLevels(maps, 4)) {
        assert.deepEqual([level.height, level.width], expected);
        expected = [Math.ceil(expected[0] / 2), Math.ceil(expected[1] / 2)];
        const cells = level.width * level.height;
        for (let cell = 0; cell < cells; cell++) {
          let sum = 0;
          for (let r = 0; r < level.count; r++) {
            const weight = level.data[r * cells + cell]!;
            assert(weight >= 0 && weight <= 1, `weight ${weight}`);
            sum += weight;
          }
          assert(Math.abs(sum - 1) < 1e-6, `sum ${sum}`);
        }
      }
    }),
    runs,
  );
});

Deno.test("a layout without regions gives everything to the base, under every hole policy", () => {
  for (const holes of ["BASE", "NEAREST", "ERROR"] as const) {
    const maps = compileWeightMaps(resolveOrThrow({ holes }), { width: 24, height: 16, factor: 8 });
    assert.deepEqual([...maps.data], Array(6).fill(1));
  }
});

Deno.test("a full partition leaves the base exactly 0, and a region exactly 0 outside of its cells", () => {
  const layout = resolveOrThrow({
    grid: { direction: "COLUMNS", ratios: "0.1,0.17,0.73" },
    regions: [{ prompt: "a" }, { prompt: "b" }, { prompt: "c" }],
  });
  const { data, width, height } = compileWeightMaps(layout, { width: 1000, height: 64, factor: 8 });
  const cells = width * height;
  assert(data.subarray(0, cells).every((w) => w === 0));
  for (let y = 0; y < height; y++) {
    const row = (r: number) => [...data.subarray(r * cells + y * width, r * cells + (y + 1) * width)];
    assert(row(1).slice(14).every((w) => w === 0) && row(2).slice(36).every((w) => w === 0));
    assert(row(3).slice(36).every((w) => w === 1) && row(3).slice(0, 33).every((w) => w === 0));
  }
});

Deno.test("however weights divide a covered canvas, rounding leaves nothing to the base", () => {
  const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 });
  const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  fc.assert(fc.property(weights, (all) => {
    const layout = resolveOrThrow({ regions: all.map((weight) => ({ prompt: "a", weight, geometry })) });
    const { data } = compileWeightMaps(layout, { width: 4, height: 4, factor: 2 });
    assert.deepEqual([...data.subarray(0, 4)], [0, 0, 0, 0]);
  }));
});

Deno.test("policy ERROR names the uncovered share, also when a window closes a region", () => {
  const layout = resolveOrThrow({
    holes: "ERROR",
    grid: { direction: "COLUMNS", ratios: "3,1" },
    regions: [{ prompt: "a" }, { prompt: "b" }],
  });
  const size = { width: 64, height: 64, factor: 8 };
  compileWeightMaps(layout, size);
  assert.throws(() => compileWeightMaps(layout, size, { active: [true, false] }), (error) => {
    assert(error instanceof InvalidInputError);
    assert.equal(error.code, "UNCOVERED");
    assert.deepEqual(error.path, ["layout", "holes"]);
    assert.match(error.message, /leave 25\.0% of the canvas uncovered \(share 0\.25/);
    return true;
  });
});

Deno.test("the feather is a fraction of the short edge", () => {
  const layout = resolveOrThrow({
    regions: [{ prompt: "a", feather: 0.1, geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } }],
  });
  const maps = compileWeightMaps(layout, { width: 400, height: 100, factor: 1 });
  const row = [...maps.data.subarray(400 * 100, 400 * 101)];
  // One sigma, 10 pixels, inside and outside of the border at 200: the normal distribution at +-1, 1 and 0 beyond 3.
  assert(Math.abs(row[190]! - 0.8413) < 0.02 && Math.abs(row[209]! - 0.1587) < 0.02);
  assert.equal(row[169], 1);
  assert.equal(row[230], 0);
});

Deno.test("sizes that are no positive whole numbers are refused", () => {
  const layout = resolveOrThrow({});
  for (const size of [{ width: 0, height: 8, factor: 8 }, { width: 8, height: 1.5, factor: 8 }]) {
    assert.throws(() => compileWeightMaps(layout, size), RangeError);
  }
});

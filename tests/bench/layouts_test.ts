/** The layouts that the bench measures. */

import { strict as assert } from "node:assert";
import { BASE_RATIO, equalCells, REGION_COUNTS } from "../../tools/bench/layouts.ts";

Deno.test("every region of a bench layout covers an equal share, the base prompt its ratio", () => {
  for (const baseRatio of [0, BASE_RATIO]) {
    for (const regions of REGION_COUNTS) {
      const { count, height, width, data } = equalCells(regions, baseRatio, { edge: 256, factor: 8 });
      const cells = height * width;
      const shares = Array.from(
        { length: count },
        (_, r) => data.subarray(r * cells, (r + 1) * cells).reduce((sum, w) => sum + w, 0) / cells,
      );
      const wanted = [baseRatio, ...new Array<number>(regions).fill((1 - baseRatio) / regions)];
      assert.equal(cells, 1024);
      assert.deepEqual(shares.map((s) => s.toFixed(5)), wanted.map((s) => s.toFixed(5)));
    }
  }
});

Deno.test("a number of regions that no layout is for is refused", () => {
  assert.throws(() => equalCells(3, 0, { edge: 256, factor: 8 }), RangeError);
});

/** Averages over blocks by the kernel, against the twin in 64 bits. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { exactAverages, weightMapLevels } from "../../layout/weights/levels.ts";
import { maxDifference } from "../../tools/parity/reference.ts";
import { averageMaps } from "../../wasm/levels.ts";

const side = fc.integer({ min: 1, max: 70 });

Deno.test("averages are within 1e-6 of the twin's, at every size of grid and block", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), side, side, fc.integer(), (count, height, width, seed) => {
      const data = Float32Array.from({ length: count * height * width }, (_, i) => Math.abs(Math.sin(seed + i * i)));
      const maps = { count, height, width, data };
      for (const block of [1, 2, 3, 4, 8, 16, 100]) {
        const expected = exactAverages(maps, block), found = averageMaps(maps, block);
        assert(found !== null);
        assert.deepEqual({ ...found, data: null }, { ...expected, data: null });
        const difference = maxDifference(found.data, expected.data);
        assert(difference <= 1e-6, `${block}: differs by ${difference}`);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("what is 0 or 1 on a block stays so on every level", () => {
  const data = Float32Array.from({ length: 2 * 48 * 40 }, (_, i) => i < 48 * 40 ? 0 : 1);
  for (const maps of weightMapLevels({ count: 2, height: 48, width: 40, data }, 5)) {
    const cells = maps.height * maps.width;
    assert(maps.data.every((weight, i) => weight === (i < cells ? 0 : 1)));
  }
});

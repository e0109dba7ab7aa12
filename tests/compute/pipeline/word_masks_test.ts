/** From attention to masks: grids stretched, levels chosen, sums cut. */

import assert from "node:assert/strict";
import { wholePicture, windowsOf } from "../../../compute/windows.ts";
import { shapeLevels, stretch, WordHeat } from "../../../compute/pipeline/word_masks.ts";

Deno.test("a grid is stretched between the centres of its cells, and is flat beyond the outermost ones", () => {
  const row = { width: 2, height: 1, data: Float32Array.of(0, 8) };
  // Centres at 1 and 3 of four cells, whose own are at 0.5, 1.5, 2.5, 3.5.
  assert.deepEqual([...stretch(row, { width: 4, height: 1 })], [0, 2, 6, 8]);
  const column = { width: 1, height: 2, data: Float32Array.of(0, 8) };
  assert.deepEqual([...stretch(column, { width: 2, height: 4 })], [0, 0, 2, 2, 6, 6, 8, 8]);
  const same = { width: 3, height: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  assert.deepEqual([...stretch(same, { width: 3, height: 2 })], [1, 2, 3, 4, 5, 6]);
});

Deno.test("levels count whose grids have 12 to 32 cells along an edge at the native size, else the nearest one", () => {
  assert.deepEqual(shapeLevels([0, 1, 2, 3], 64), [1, 2]); // Stable Diffusion 1.5: 32 and 16, not 64 and 8
  assert.deepEqual(shapeLevels([1, 2], 128), [2]); // SDXL: 32, not 64
  assert.deepEqual(shapeLevels([1, 2], 32), [1]); // beds-256: 16, not 8
  assert.deepEqual(shapeLevels([1, 2], 16), [1]); // 8 and 4: 8 is nearer to 12
  assert.deepEqual(shapeLevels([0, 1], 256), [1]); // 256 and 128: 128 is nearer to 32
});

Deno.test("calls and levels are added up, and cut at a share of the range of the sum", () => {
  const heat = new WordHeat(2, { width: 2, height: 2 });
  // Cells of two words side by side: the first word's sums come to 1, 2, 3, 5.
  const first = [1, 9, 1, 9, 2, 9, 3, 9], second = [0, 0, 1, 0, 1, 0, 2, 0];
  for (const data of [first, second]) {
    heat.add(new Map([[0, { dims: [4, 2], data: Float32Array.from(data) }]]), wholePicture({ width: 2, height: 2 }));
  }
  const covered = (threshold: number) =>
    [...heat.mask(0, threshold).data].filter((_, i) => i % 4 === 0).map((v) => v / 255);
  assert.deepEqual(covered(0.2), [0, 1, 1, 1]);
  assert.deepEqual(covered(0.25), [0, 1, 1, 1]); // 2 is a quarter of the way from 1 to 5
  assert.deepEqual(covered(0.26), [0, 0, 1, 1]);
  assert.deepEqual(covered(0.99), [0, 0, 0, 1]);
  assert(heat.mask(0, 0.5).data.every((v, i) => i % 4 !== 3 || v === 255), "opaque");
  // All places look at the second word alike: it is nowhere.
  assert(heat.mask(1, 0.01).data.every((v, i) => i % 4 === 3 || v === 0));
});

Deno.test("a coarse level adds to the latent grid, also where that is odd", () => {
  const heat = new WordHeat(1, { width: 5, height: 3 });
  const whole = wholePicture({ width: 5, height: 3 });
  heat.add(new Map([[1, { dims: [6, 1], data: Float32Array.of(0, 0, 1, 0, 0, 1) }]]), whole); // 3 x 2 cells
  const { width, height, data } = heat.mask(0, 0.5);
  assert.deepEqual([width, height], [5, 3]);
  const row = [0, 0, 0, 255, 255];
  assert.deepEqual([...data].filter((_, i) => i % 4 === 0), [...row, ...row, ...row]);
});

Deno.test("what windows see goes together by their shares: where they agree it is the whole picture's", () => {
  const size = { width: 6, height: 1 };
  const row = [0, 1, 2, 4, 8, 16];
  const level = (data: readonly number[]) => new Map([[0, { dims: [data.length, 1], data: Float32Array.from(data) }]]);
  const whole = new WordHeat(1, size), parts = new WordHeat(1, size), apart = new WordHeat(1, size);
  whole.add(level(row), wholePicture(size));
  const windows = windowsOf(size, { size: 4, overlap: 2 });
  assert.deepEqual(windows.map(({ x }) => x), [0, 2]);
  for (const window of windows) {
    parts.add(level(row.slice(window.x, window.x + 4)), window);
    apart.add(level(window.x === 0 ? [0, 0, 0, 0] : [1, 1, 1, 1]), window);
  }
  for (const threshold of [0.05, 0.1, 0.2, 0.4, 0.9]) {
    assert.deepEqual(parts.mask(0, threshold), whole.mask(0, threshold));
  }
  // Over two cells the second window's share rises as sin^2: 0.15, then 0.85.
  const covered = (threshold: number) =>
    [...apart.mask(0, threshold).data].filter((_, i) => i % 4 === 0).map((v) => v / 255);
  assert.deepEqual(covered(0.14), [0, 0, 1, 1, 1, 1]);
  assert.deepEqual(covered(0.15), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(covered(0.86), [0, 0, 0, 0, 1, 1]);
});

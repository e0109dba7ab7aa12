// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** Averaging maps over blocks of cells: `averageBlocks` in `layout/weights/levels.ts`. */

import { addRow, fillRun, sumRun } from "./runs.ts";

/**
 * Averages `count` maps f32 [height, width] over side x side blocks; those at the border are smaller.
 * @param line Scratch for a row of the input.
 */
export function averageBlocks(
  maps: usize,
  count: i32,
  height: i32,
  width: i32,
  side: i32,
  out: usize,
  line: usize,
): void {
  const rows = (height + side - 1) / side, columns = (width + side - 1) / side;
  for (let r = 0; r < count; r++) {
    for (let y = 0; y < rows; y++) {
      const first = y * side, last = min(height, first + side);
      fillRun(line, 0, width, 0);
      for (let j = first; j < last; j++) addRow(line, maps + <usize> ((r * height + j) * width) * 4, width);
      const row = out + <usize> ((r * rows + y) * columns) * 4;
      for (let x = 0; x < columns; x++) {
        const from = x * side, to = min(width, from + side);
        const cells = <f64> ((to - from) * (last - first));
        store<f32>(row + (<usize> x << 2), <f32> (<f64> sumRun(line, from, to) / cells));
      }
    }
  }
}

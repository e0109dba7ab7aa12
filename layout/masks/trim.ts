/** Cutting the empty border off a mask: what follows works on its bounds. */

import { type Bounds, EMPTY_MASK, type Mask } from "./mask.ts";

/** The mask of coverages `data` [bottom - top, right - left], with the bounds of what is not 0. */
export function trimmedMask(data: Float64Array, { left, top, right, bottom }: Bounds): Mask {
  const columns = right - left, rows = bottom - top;
  let first = rows, last = -1, start = columns, end = 0;
  for (let y = 0; y < rows; y++) {
    const at = y * columns;
    let from = 0;
    while (from < columns && data[at + from] === 0) from++;
    if (from === columns) continue;
    let to = columns;
    while (data[at + to - 1] === 0) to--;
    first = Math.min(first, y);
    last = y;
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  if (last < 0) return EMPTY_MASK;
  const bounds = { left: left + start, top: top + first, right: left + end, bottom: top + last + 1 };
  if (end - start === columns) {
    return { kind: "PIXELS", data: data.subarray(first * columns, (last + 1) * columns), bounds };
  }
  const kept = new Float64Array((end - start) * (last + 1 - first));
  for (let y = first; y <= last; y++) {
    kept.set(data.subarray(y * columns + start, y * columns + end), (y - first) * (end - start));
  }
  return { kind: "PIXELS", data: kept, bounds };
}

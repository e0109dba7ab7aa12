// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/**
 * Sharp shapes, one row of pixels after the other.
 *
 * An edge of a polygon from a to b is f64 ax, ay, bx, by, then the rows of samples [first, end) that it crosses, i32.
 */

import { addEllipseRow } from "./ellipse.ts";
import { EDGE, EDGES, ELLIPSE, Region } from "./records.ts";
import { addRow, addRun } from "./runs.ts";

/**
 * Adds the coverage of pixel row `y` of a sharp mask to `row`, f32 at absolute x. Rows come from top to bottom.
 * @param scratch Room for count + 1 crossings, f64.
 */
export function addSharpRow(region: Region, y: i32, row: usize, scratch: usize): void {
  if (region.source === EDGES) addEdgesRow(region, y, row, scratch);
  else if (region.source === ELLIPSE) addEllipseRow(region, y, row);
  else {
    const columns = region.right - region.left;
    addRow(row + (<usize> region.left << 2), region.data + <usize> ((y - region.top) * columns) * 4, columns);
  }
}

/** 4 x 4 samples per pixel, at (i + 0.5) / 4, under the even-odd rule: `polygonMask` in `layout/masks/rasterize.ts`. */
function addEdgesRow(region: Region, y: i32, row: usize, places: usize): void {
  const from = region.left * 4, to = region.right * 4;
  for (let j = y * 4; j < y * 4 + 4; j++) {
    const count = crossingsAt(region, j, places);
    for (let k = 0; k + 1 < count; k += 2) {
      const place = places + (<usize> k << 3);
      const a = max(from, sampleFrom(load<f64>(place))), b = min(to, sampleFrom(load<f64>(place, 8)));
      if (b <= a) continue;
      const first = a >> 2, last = b >> 2;
      if (first === last) {
        addRun(row, first, first + 1, <f32> (b - a) / 16);
        continue;
      }
      const head = -a & 3, tail = b & 3;
      if (head !== 0) addRun(row, first, first + 1, <f32> head / 16);
      addRun(row, head === 0 ? first : first + 1, last, 0.25);
      if (tail !== 0) addRun(row, last, last + 1, <f32> tail / 16);
    }
  }
}

/**
 * Where edges cross row `j` of samples, from left to right, at `places`. Returns how many: always an even number. Edges
 * are kept in the order of the row before, of which few change: sorting costs no more than the crossings of edges.
 */
function crossingsAt(region: Region, j: i32, places: usize): i32 {
  const edges = region.data, crossing = region.crossing;
  const y = (<f64> j + 0.5) / 4;
  while (region.next < region.count && load<i32>(edges + <usize> region.next * EDGE, 32) <= j) {
    store<i32>(crossing + (<usize> region.crossings << 2), region.next);
    region.crossings++;
    region.next++;
  }
  let kept = 0;
  for (let k = 0; k < region.crossings; k++) {
    const index = load<i32>(crossing + (<usize> k << 2));
    const edge = edges + <usize> index * EDGE;
    if (load<i32>(edge, 36) <= j) continue;
    const ax = load<f64>(edge), ay = load<f64>(edge, 8);
    const x = ax + (y - ay) * (load<f64>(edge, 16) - ax) / (load<f64>(edge, 24) - ay);
    let place = places + (<usize> kept << 3), at = crossing + (<usize> kept << 2);
    for (; place > places && load<f64>(place - 8) > x; place -= 8, at -= 4) {
      store<f64>(place, load<f64>(place - 8));
      store<i32>(at, load<i32>(at - 4));
    }
    store<f64>(place, x);
    store<i32>(at, index);
    kept++;
  }
  region.crossings = kept;
  return kept;
}

/** The first sample at or beyond a coordinate in pixels; far outside of the image as good as at its border. */
function sampleFrom(x: f64): i32 {
  return <i32> Math.ceil(x * 4 - 0.5);
}

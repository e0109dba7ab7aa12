// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** Ellipses by exact areas: `layout/masks/ellipse.ts`, which has the derivation, in the same operations. */

import { Region } from "./records.ts";
import { addRun } from "./runs.ts";

/** Adds the share of each pixel of row `y` that lies in the ellipse. */
export function addEllipseRow(region: Region, y: i32, row: usize): void {
  const cx = load<f64>(region.data), cy = load<f64>(region.data, 8);
  const rx = load<f64>(region.data, 16), ry = load<f64>(region.data, 24);
  const from = (<f64> y - cy) / ry, to = (<f64> (y + 1) - cy) / ry;
  const low = max(-1.0, from), high = min(1.0, to);
  if (low >= high) return;
  const nearest = low < 0 && high > 0 ? 0.0 : min(abs(low), abs(high));
  const reach = halfChord(nearest) * rx;
  const start = max(region.left, <i32> Math.floor(cx - reach)), end = min(region.right, <i32> Math.ceil(cx + reach));
  const inner = from > -1 && to < 1 ? halfChord(max(abs(from), abs(to))) * rx : 0.0;
  const solidStart = <i32> Math.ceil(cx - inner), solidEnd = <i32> Math.floor(cx + inner);
  for (let x = start; x < end; x++) {
    if (x >= solidStart && x < solidEnd) {
      const until = min(end, solidEnd);
      addRun(row, x, until, 1);
      x = until - 1;
      continue;
    }
    const area = areaBetween(low, high, (<f64> (x + 1) - cx) / rx) - areaBetween(low, high, (<f64> x - cx) / rx);
    const at = row + (<usize> x << 2);
    store<f32>(at, load<f32>(at) + <f32> min(1.0, max(0.0, area * rx * ry)));
  }
}

function areaBetween(low: f64, high: f64, x: f64): f64 {
  if (low < 0 && high > 0) return areaOfBand(0, high, x) + areaOfBand(0, -low, x);
  return high <= 0 ? areaOfBand(-high, -low, x) : areaOfBand(low, high, x);
}

function areaOfBand(low: f64, high: f64, x: f64): f64 {
  const distance = abs(x), whole = halfChord(high), end = min(distance, halfChord(low));
  const area = end <= whole
    ? (high - low) * end
    : (high - low) * whole + belowArc(end) - belowArc(whole) - low * (end - whole);
  return x < 0 ? -area : area;
}

function belowArc(x: f64): f64 {
  return (x * halfChord(x) + Math.asin(x)) / 2;
}

function halfChord(y: f64): f64 {
  return Math.sqrt(max(0.0, 1 - y * y));
}

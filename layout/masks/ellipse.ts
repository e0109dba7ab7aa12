/** The mask of an ellipse: exact areas, not samples. */

import type { PixelEllipse } from "../../wasm/shapes.ts";
import { EMPTY_MASK, type Mask } from "./mask.ts";

/**
 * The share of each pixel's area that lies in an ellipse. Exact but for rounding, which stays below 1e-8 for radii up to
 * 4096 pixels; pixels that lie wholly inside have exactly 1.
 *
 * The ellipse is scaled to the unit circle, where the area below the arc `sqrt(1 - x^2)` has the antiderivative
 * `(x sqrt(1 - x^2) + asin x) / 2`.
 */
export function ellipseMask({ cx, cy, rx, ry }: PixelEllipse, width: number, height: number): Mask {
  const left = Math.max(0, Math.floor(cx - rx)), right = Math.min(width, Math.ceil(cx + rx));
  const top = Math.max(0, Math.floor(cy - ry)), bottom = Math.min(height, Math.ceil(cy + ry));
  if (right <= left || bottom <= top) return EMPTY_MASK;
  const columns = right - left;
  const data = new Float64Array(columns * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const row = data.subarray((y - top) * columns, (y - top + 1) * columns);
    const from = (y - cy) / ry, to = (y + 1 - cy) / ry;
    const low = Math.max(-1, from), high = Math.min(1, to);
    if (low >= high) continue;
    const nearest = low < 0 && high > 0 ? 0 : Math.min(Math.abs(low), Math.abs(high));
    const reach = halfChord(nearest) * rx;
    const start = Math.max(left, Math.floor(cx - reach)), end = Math.min(right, Math.ceil(cx + reach));
    // Where the row's narrower edge lies inside of the ellipse, the whole pixel does.
    const inner = from > -1 && to < 1 ? halfChord(Math.max(Math.abs(from), Math.abs(to))) * rx : 0;
    const solidStart = Math.ceil(cx - inner), solidEnd = Math.floor(cx + inner);
    for (let x = start; x < end; x++) {
      if (x >= solidStart && x < solidEnd) {
        row.fill(1, x - left, Math.min(end, solidEnd) - left);
        x = solidEnd - 1;
        continue;
      }
      const area = areaBetween(low, high, (x + 1 - cx) / rx) - areaBetween(low, high, (x - cx) / rx);
      row[x - left] = Math.min(1, Math.max(0, area * rx * ry));
    }
  }
  return { kind: "PIXELS", data, bounds: { left, top, right, bottom } };
}

/** Area of the unit disc between the heights `low` < `high` in [-1, 1], from x = 0 to x; negative to the left. */
function areaBetween(low: number, high: number, x: number): number {
  if (low < 0 && high > 0) return areaOfBand(0, high, x) + areaOfBand(0, -low, x);
  return high <= 0 ? areaOfBand(-high, -low, x) : areaOfBand(low, high, x);
}

/** The same between heights 0 <= low < high <= 1: whole up to the upper chord's end, below the arc up to the lower's. */
function areaOfBand(low: number, high: number, x: number): number {
  const distance = Math.abs(x), whole = halfChord(high), end = Math.min(distance, halfChord(low));
  const area = end <= whole
    ? (high - low) * end
    : (high - low) * whole + belowArc(end) - belowArc(whole) - low * (end - whole);
  return x < 0 ? -area : area;
}

function belowArc(x: number): number {
  return (x * halfChord(x) + Math.asin(x)) / 2;
}

function halfChord(y: number): number {
  return Math.sqrt(Math.max(0, 1 - y * y));
}

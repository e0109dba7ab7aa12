/** Coverage masks of shapes, in pixels of an image whose pixel (x, y) is the square [x, x + 1) x [y, y + 1). */

import { double } from "../../elements.ts";
import { edgesFromTop, type SampledEdge, sampleFrom, SAMPLES } from "../../wasm/edges.ts";
import type { PixelPoint } from "../../wasm/shapes.ts";
import { EMPTY_MASK, type Mask, productMask } from "./mask.ts";

/** The share of each of `count` unit cells that the span [from, to] covers. */
function spanCoverage(from: number, to: number, count: number): Float64Array {
  const coverage = new Float64Array(count);
  for (let i = Math.max(0, Math.floor(from)); i < count && i < to; i++) {
    coverage[i] = Math.min(1, Math.max(0, Math.min(to, i + 1) - Math.max(from, i)));
  }
  return coverage;
}

/** The exact area coverage of a rectangle given by its edges in pixels; what leaves the image is cut off. */
export function rectangleMask(
  edges: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  width: number,
  height: number,
): Mask {
  return productMask(spanCoverage(edges.left, edges.right, width), spanCoverage(edges.top, edges.bottom, height));
}

/**
 * The coverage of a polygon and its holes, points in pixels, under the even-odd rule over all rings: the share of 4 x 4
 * samples per pixel, at (i + 0.5) / 4, that lie inside. An edge counts for y_low <= y < y_high, and a sample is inside if
 * an odd number of edges crosses its row strictly to its right.
 */
export function polygonMask(
  points: readonly PixelPoint[],
  width: number,
  height: number,
  holes: readonly (readonly PixelPoint[])[] = [],
): Mask {
  const rings = [points, ...holes];
  const all = rings.flat();
  const left = Math.max(0, Math.floor(lowest(all.map((p) => p.x))));
  const top = Math.max(0, Math.floor(lowest(all.map((p) => p.y))));
  const right = Math.min(width, Math.ceil(-lowest(all.map((p) => -p.x))));
  const bottom = Math.min(height, Math.ceil(-lowest(all.map((p) => -p.y))));
  if (right <= left || bottom <= top) return EMPTY_MASK;

  const columns = right - left;
  const data = new Float64Array(columns * (bottom - top));
  const edges = edgesFromTop(rings);
  let waiting = 0;
  const crossed: SampledEdge[] = [];
  const crossings = new Float64Array(edges.length);
  for (let j = top * SAMPLES; j < bottom * SAMPLES; j++) {
    const row = data.subarray((Math.floor(j / SAMPLES) - top) * columns, (Math.floor(j / SAMPLES) - top + 1) * columns);
    for (let edge = edges[waiting]; edge !== undefined && edge.first <= j; edge = edges[++waiting]) crossed.push(edge);
    crossRow(j, crossed, crossings);
    for (let k = 0; k + 1 < crossed.length; k += 2) {
      // Inside is crossings[k] <= sample < crossings[k + 1]: an odd number of crossings is strictly to the right.
      const first = Math.max(left * SAMPLES, sampleFrom(double(crossings, k)));
      const end = Math.min(right * SAMPLES, sampleFrom(double(crossings, k + 1)));
      for (let i = first; i < end;) {
        const pixel = Math.floor(i / SAMPLES);
        const next = Math.min(end, (pixel + 1) * SAMPLES);
        row[pixel - left] = double(row, pixel - left) + (next - i) / SAMPLES ** 2;
        i = next;
      }
    }
  }
  return { kind: "PIXELS", data, bounds: { left, top, right, bottom } };
}

/**
 * Drops the edges that end above row `j` of samples and sorts the others from left to right; where they cross the row goes
 * to `crossings`. Closed rings cross it an even number of times. Edges come in the order of the row before, of which few
 * change, so that sorting costs no more than the crossings of edges.
 */
function crossRow(j: number, crossed: SampledEdge[], crossings: Float64Array): void {
  const y = (j + 0.5) / SAMPLES;
  let kept = 0;
  for (const edge of crossed) {
    if (edge.end <= j) continue;
    const { a, b } = edge;
    const x = a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y);
    let at = kept;
    for (; at > 0 && double(crossings, at - 1) > x; at--) {
      crossings[at] = double(crossings, at - 1);
      crossed[at] = crossed[at - 1] ?? edge;
    }
    crossings[at] = x;
    crossed[at] = edge;
    kept++;
  }
  crossed.length = kept;
}

function lowest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

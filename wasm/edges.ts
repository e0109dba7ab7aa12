/** A polygon's edges on the grid of samples by which its coverage is counted. */

import type { PixelPoint } from "./shapes.ts";

/** Samples per pixel along each axis, at (i + 0.5) / 4; `assembly/outline.ts` has the same. */
export const SAMPLES = 4;

/** An edge from a to b, and the rows of samples [first, end) that it crosses. */
export interface SampledEdge {
  readonly a: PixelPoint;
  readonly b: PixelPoint;
  readonly first: number;
  readonly end: number;
}

/** The edges of all rings that cross any row of samples, in the order in which a sweep downwards meets them. */
export function edgesFromTop(rings: readonly (readonly PixelPoint[])[]): readonly SampledEdge[] {
  const edges: SampledEdge[] = [];
  for (const ring of rings) {
    let a = ring.at(-1);
    for (const b of ring) {
      if (a !== undefined) {
        const first = sampleFrom(Math.min(a.y, b.y)), end = sampleFrom(Math.max(a.y, b.y));
        if (first < end) edges.push({ a, b, first, end });
      }
      a = b;
    }
  }
  return edges.sort((p, q) => p.first - q.first);
}

/** The first sample at or beyond a coordinate in pixels. */
export function sampleFrom(coordinate: number): number {
  return Math.ceil(coordinate * SAMPLES - 0.5);
}

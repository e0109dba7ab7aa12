/** Where regions' names stand: where each is widest on its own, so that no two are in one place. */

import type { GeometryInput } from "../api/generated.ts";
import { type Box, boxOf, contains, type MaskAt, type Point } from "../draft/geometry.ts";

/** What a layout's labels depend on. */
export interface Placed {
  readonly places: readonly (GeometryInput | null)[];
  readonly cells: readonly Box[];
  /** Indexes, those in front last. */
  readonly order: readonly number[];
}

/** Points that are looked at, along each edge of a region's box. */
const SAMPLES = 15;

/** The spot of each region's label, in fractions of its own box; null for regions that lie nowhere. */
export function labelSpots({ places, cells, order }: Placed, maskAt: MaskAt): readonly (Point | null)[] {
  return places.map((place, index) => {
    const box = place && boxOf(place, cells);
    if (!place || !box || box.width === 0 || box.height === 0) return null;
    const inFront = order.slice(order.indexOf(index) + 1).flatMap((i) => places[i] ?? []);
    const rest = place.rest ? places.flatMap((other) => other && !other.rest ? [other] : []) : [];
    const at = (column: number, row: number): Point => ({
      x: box.x + (column + 0.5) / SAMPLES * box.width,
      y: box.y + (row + 0.5) / SAMPLES * box.height,
    });
    const holds = (point: Point, others: readonly GeometryInput[]) =>
      (place.rest ? true : contains(place, point, cells, maskAt)) &&
      !others.some((other) => contains(other, point, cells, maskAt));
    return widest((column, row) => holds(at(column, row), [...inFront, ...rest])) ??
      widest((column, row) => holds(at(column, row), rest)) ?? { x: 0.5, y: 0.5 };
  });
}

/** The middle of the largest square of samples that are inside; null if none is. */
function widest(inside: (column: number, row: number) => boolean): Point | null {
  const depths: number[][] = [];
  let deepest = 0;
  // The largest square that ends at each sample, row by row.
  for (let row = 0; row < SAMPLES; row++) {
    depths.push([]);
    for (let column = 0; column < SAMPLES; column++) {
      const around = [
        depths[row - 1]?.[column] ?? 0,
        depths[row]?.[column - 1] ?? 0,
        depths[row - 1]?.[column - 1] ?? 0,
      ];
      const depth = inside(column, row) ? 1 + Math.min(...around) : 0;
      depths[row]?.push(depth);
      deepest = Math.max(deepest, depth);
    }
  }
  if (deepest === 0) return null;
  const middles = depths.flatMap((line, row) =>
    line.flatMap((depth, column) =>
      depth === deepest ? [{ x: (column + 1 - depth / 2) / SAMPLES, y: (row + 1 - depth / 2) / SAMPLES }] : []
    )
  );
  const mean = {
    x: middles.reduce((sum, { x }) => sum + x, 0) / middles.length,
    y: middles.reduce((sum, { y }) => sum + y, 0) / middles.length,
  };
  const far = ({ x, y }: Point) => Math.hypot(x - mean.x, y - mean.y);
  return middles.reduce((best, middle) => far(middle) < far(best) ? middle : best);
}

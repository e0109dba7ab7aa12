/**
 * What windows count for where regions are painted. A window that sees a strip of a region paints the region's object into
 * that strip, as it was asked to: fused by distance alone, the region shows it twice. So windows count by how much they see
 * of a region, in that region.
 */

import { float, nth } from "../../elements.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import { cropMaps, type Window } from "../windows.ts";

/**
 * How decidedly: a window that sees half of what another one sees counts 2^-FAVOUR of it. Measured, docs/fidelity.md:
 * objects come twice with less, and faint edges come where windows meet with more.
 */
const FAVOUR = 4;

/**
 * The windows with their shares where map `r` has weight, which sum to 1 there: in proportion to
 * `share x (weight seen / most weight that a window sees)^FAVOUR`.
 */
export function sharesOfMap(windows: readonly Window[], maps: WeightMaps, r: number): Window[] {
  const cells = maps.width * maps.height;
  const own = { ...maps, count: 1, data: maps.data.subarray(r * cells, (r + 1) * cells) };
  const seenBy = windows.map((window) => cropMaps(own, window).data);
  const totals = seenBy.map((seen) => seen.reduce((sum, value) => sum + value, 0));
  const most = Math.max(...totals);
  const sums = new Float32Array(cells);
  const raw = windows.map((window, w) => {
    const seen = nth(seenBy, w);
    const favour = most === 0 ? 0 : (nth(totals, w) / most) ** FAVOUR;
    const shares = window.shares.map((share, i) => float(seen, i) === 0 ? 0 : share * favour);
    shares.forEach((share, i) => {
      const at = cellOf(window, i, maps.width);
      sums[at] = float(sums, at) + share;
    });
    return { ...window, shares };
  });
  return raw.map((window) => ({
    ...window,
    shares: window.shares.map((share, i) => share === 0 ? 0 : share / float(sums, cellOf(window, i, maps.width))),
  }));
}

/** The windows with their shares for all maps at once: those of each map, weighted by it. */
export function sharesOfMaps(windows: readonly Window[], maps: WeightMaps): Window[] {
  const shares = windows.map(({ shares }) => new Float32Array(shares.length));
  for (let r = 0; r < maps.count; r++) {
    sharesOfMap(windows, maps, r).forEach((window, w) => {
      const { data } = cropMaps(maps, window);
      const sum = shares[w];
      window.shares.forEach((share, i) => {
        if (sum !== undefined) sum[i] = float(sum, i) + share * float(data, r * sum.length + i);
      });
    });
  }
  return windows.map((window, w) => ({ ...window, shares: shares[w] ?? window.shares }));
}

/** The picture's cell that is a window's `i`th. */
function cellOf({ x, y, width }: Window, i: number, columns: number): number {
  return (y + Math.floor(i / width)) * columns + x + i % width;
}

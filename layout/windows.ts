/** Step windows: when each region paints. */

import { nth } from "../elements.ts";
import type { Layout, Region } from "./layout.ts";
import { isFoundByWords, searchedSteps } from "./words.ts";

/** Steps [first, end) of the full schedule during which the same regions paint. */
export interface Phase {
  readonly first: number;
  readonly end: number;
  /** Per region: whether it paints. */
  readonly active: readonly boolean[];
}

/** What of a region decides when it paints. */
export type RegionTime = Pick<Region, "start" | "end" | "geometry">;

/**
 * A region's steps: the first is round(start * steps), the last is the one before round(end * steps). One that is found by
 * words begins when they are found, if that is later; `first` may then be `end` or more, and it never paints.
 */
export function activeSteps(
  { start, end, geometry }: RegionTime,
  steps: number,
): { readonly first: number; readonly end: number } {
  const first = Math.round(start * steps);
  return {
    first: isFoundByWords(geometry) ? Math.max(first, searchedSteps(steps).end) : first,
    end: Math.round(end * steps),
  };
}

/** Whether an enabled region paints at step `index` of `steps`; both count the full schedule, also when img2img enters late. */
export function activeAt(region: RegionTime, index: number, steps: number): boolean {
  const { first, end } = activeSteps(region, steps);
  return first <= index && index < end;
}

/** The schedule cut where a window opens or closes: each phase needs one set of weight maps. */
export function phases(layout: Layout, steps: number): readonly Phase[] {
  const cuts = new Set([0, steps]);
  for (const region of layout.regions) {
    if (!region.enabled) continue;
    const { first, end } = activeSteps(region, steps);
    cuts.add(first).add(end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => {
    const first = nth(sorted, i);
    return { first, end, active: layout.regions.map((region) => region.enabled && activeAt(region, first, steps)) };
  });
}

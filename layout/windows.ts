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
 * @param begin The first step that is taken, where a picture is the start.
 */
export function activeSteps(
  { start, end, geometry }: RegionTime,
  steps: number,
  begin = 0,
): { readonly first: number; readonly end: number } {
  const first = Math.round(start * steps);
  return {
    first: isFoundByWords(geometry) ? Math.max(first, searchedSteps(steps, begin).end) : first,
    end: Math.round(end * steps),
  };
}

/** Whether an enabled region paints at step `index` of `steps`; both count the full schedule, also when img2img enters late, at `begin`. */
export function activeAt(region: RegionTime, index: number, steps: number, begin = 0): boolean {
  const { first, end } = activeSteps(region, steps, begin);
  return first <= index && index < end;
}

/** The schedule cut where a window opens or closes: each phase needs one set of weight maps. Steps before `begin` are not taken. */
export function phases(layout: Layout, steps: number, begin = 0): readonly Phase[] {
  const cuts = new Set([0, steps]);
  for (const region of layout.regions) {
    if (!region.enabled) continue;
    const { first, end } = activeSteps(region, steps, begin);
    cuts.add(first).add(end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => {
    const first = nth(sorted, i);
    return {
      first,
      end,
      active: layout.regions.map((region) => region.enabled && activeAt(region, first, steps, begin)),
    };
  });
}

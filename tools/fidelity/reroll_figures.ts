/** The figures of pictures with a region painted anew, in the form of the bench's. */

import type { Figure } from "../bench/figure.ts";
import { REGIONS } from "./layouts.ts";
import type { RerolledScene } from "./reroll.ts";

/** What a re-roll is to keep. */
const GOALS = { lockedChange: 10, freeChange: 4, border: 1.2, shown: 95, leaked: 2 } as const;

/**
 * With the rest locked, and without: how many times as much the region changes as the rest, the mean over all pictures of each;
 * the highest border energy; the share of regions that show their object, and of other regions that show it too.
 */
export function rerollFigures(scenes: readonly RerolledScene[]): readonly Figure[] {
  return [true, false].flatMap((lockRest) => {
    const of = scenes.filter((scene) => scene.lockRest === lockRest);
    if (of.length === 0) throw new RangeError("Cannot take shares of no pictures");
    const total = (measure: (scene: RerolledScene) => number) => of.reduce((sum, scene) => sum + measure(scene), 0);
    const named = (name: string) => `${name}, ${lockRest ? "the rest locked" : "the rest free"}`;
    const others = of.length * (REGIONS - 1);
    return [
      {
        name: named("change in the region over that outside"),
        value: total(({ change }) => change.inside) / total(({ change }) => change.outside),
        unit: "x",
        goal: lockRest ? GOALS.lockedChange : GOALS.freeChange,
        better: "higher",
        spread: spread(of.map(({ change }) => change.inside / change.outside)),
      },
      {
        name: named("highest border energy over that inside"),
        value: Math.max(...of.map(({ border }) => border)),
        unit: "x",
        goal: GOALS.border,
        better: "lower",
        spread: spread(of.map(({ border }) => border)),
      },
      {
        name: named("regions painted anew that show their object"),
        value: 100 * total(({ shown }) => shown ? 1 : 0) / of.length,
        unit: `% of ${of.length}`,
        goal: GOALS.shown,
        better: "higher",
        spread: null,
      },
      {
        name: named("other regions that show it"),
        value: 100 * total(({ leaked }) => leaked) / others,
        unit: `% of ${others}`,
        goal: GOALS.leaked,
        better: "lower",
        spread: null,
      },
    ] satisfies Figure[];
  });
}

function spread(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

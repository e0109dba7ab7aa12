/** The figures of large pictures. */

import type { Figure } from "../bench/figure.ts";
import { LARGE_WAYS, type LargePicture, type LargeRegion, type LargeWay } from "./large.ts";
import { REGIONS } from "./layouts.ts";

const PAINTED: Readonly<Record<LargeWay, string>> = {
  native: "native size",
  windows: "twice the size by windows",
  second: "twice the size in a second pass",
};

/** What a large picture is to keep. */
const GOALS = { shown: 95, leaked: 2, border: 1.2 } as const;

/**
 * For every way of painting the shares of regions that show their object and their background, and of other regions that
 * show it too; and the mean border energy. Native size is there to compare with, and has no goals.
 */
export function largeFigures(pictures: readonly LargePicture[]): readonly Figure[] {
  return LARGE_WAYS.flatMap((way) => {
    const regions = pictures.filter((picture) => picture.way === way).flatMap((picture) => picture.regions);
    if (regions.length === 0) throw new RangeError(`Cannot take shares of no regions at ${PAINTED[way]}`);
    const mean = (measure: (region: LargeRegion) => number) =>
      regions.reduce((sum, region) => sum + measure(region), 0) / regions.length;
    const goal = (value: number) => way === "native" ? null : value;
    const borders = regions.map(({ border }) => border);
    const others = regions.length * (REGIONS - 1);
    return [
      {
        name: `regions with their object, ${PAINTED[way]}`,
        value: 100 * mean(({ object }) => object ? 1 : 0),
        unit: `% of ${regions.length}`,
        goal: goal(GOALS.shown),
        better: "higher",
        spread: null,
      },
      {
        name: `regions with their background, ${PAINTED[way]}`,
        value: 100 * mean(({ background }) => background ? 1 : 0),
        unit: `% of ${regions.length}`,
        goal: null,
        better: "higher",
        spread: null,
      },
      {
        name: `other regions that show an object, ${PAINTED[way]}`,
        value: 100 * mean(({ leaked }) => leaked / (REGIONS - 1)),
        unit: `% of ${others}`,
        goal: goal(GOALS.leaked),
        better: "lower",
        spread: null,
      },
      {
        name: `border energy over that inside, ${PAINTED[way]}`,
        value: mean(({ border }) => border),
        unit: `x, mean of ${regions.length}`,
        goal: goal(GOALS.border),
        better: "lower",
        spread: [Math.min(...borders), Math.max(...borders)],
      },
    ] satisfies Figure[];
  });
}

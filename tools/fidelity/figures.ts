/** The figures of judged pictures, in the form of the bench's. */

import type { Figure } from "../bench/figure.ts";
import { type JudgedPicture, type Way, WAYS } from "./measure.ts";

/** What a picture is asked for, in words. */
const PAINTED: Readonly<Record<Way, string>> = {
  attention: "attention mode",
  latent: "latent mode",
  plain: "one plain prompt",
  windows: "twice the size by windows",
  second: "twice the size in a second pass",
};

/** The same of pictures of twice the native size. */
const LARGE_GOAL = 95;

/** The share of regions in attention mode that the embedded model is to show the object of, in percent. */
const OBJECT_GOAL = 85;

const GOALS: Readonly<Partial<Record<Way, number>>> = {
  attention: OBJECT_GOAL,
  windows: LARGE_GOAL,
  second: LARGE_GOAL,
};

/** For every way of painting the share of regions, in percent, whose background and whose object are right. */
export function figures(pictures: readonly JudgedPicture[], ways: readonly Way[] = WAYS): readonly Figure[] {
  return (["background", "object"] as const).flatMap((what) =>
    ways.map((way): Figure => {
      const regions = pictures.filter((picture) => picture.way === way).flatMap((picture) => picture.regions);
      if (regions.length === 0) throw new RangeError(`Cannot take shares of no regions in ${PAINTED[way]}`);
      return {
        name: `regions with their ${what}, ${PAINTED[way]}`,
        value: 100 * regions.filter((region) => region[what]).length / regions.length,
        unit: `% of ${regions.length}`,
        goal: what === "object" ? GOALS[way] ?? null : null,
        better: "higher",
        spread: null,
      };
    })
  );
}

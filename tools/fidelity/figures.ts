/** The figures of judged pictures, in the form of the bench's. */

import type { Figure } from "../bench/figure.ts";
import { type JudgedPicture, type Way, WAYS } from "./measure.ts";

/** What a picture is asked for, in words. */
const PAINTED: Readonly<Record<Way, string>> = {
  attention: "attention mode",
  latent: "latent mode",
  plain: "one plain prompt",
};

/** The share of regions in attention mode that the embedded model is to show the object of, in percent. */
const OBJECT_GOAL = 85;

/** For every way of painting the share of regions, in percent, whose background and whose object are right. */
export function figures(pictures: readonly JudgedPicture[]): readonly Figure[] {
  return (["background", "object"] as const).flatMap((what) =>
    WAYS.map((way): Figure => {
      const regions = pictures.filter((picture) => picture.way === way).flatMap((picture) => picture.regions);
      if (regions.length === 0) throw new RangeError(`Cannot take shares of no regions in ${PAINTED[way]}`);
      return {
        name: `regions with their ${what}, ${PAINTED[way]}`,
        value: 100 * regions.filter((region) => region[what]).length / regions.length,
        unit: `% of ${regions.length}`,
        goal: what === "object" && way === "attention" ? OBJECT_GOAL : null,
        better: "higher",
        spread: null,
      };
    })
  );
}

/** The figures of judged pictures, in the form of the bench's. */

import type { Figure } from "../bench/figure.ts";
import { borrower } from "./layouts.ts";
import { type JudgedPicture, type Way, WAYS } from "./measure.ts";

/** What a picture is asked for, in words. */
const PAINTED: Readonly<Record<Way, string>> = {
  attention: "attention mode",
  latent: "latent mode",
  plain: "one plain prompt",
  lora: "attention mode, a LoRA in one",
};

/** The share of regions that the embedded model is to show the object of, in percent. */
const OBJECT_GOALS: Readonly<Partial<Record<Way, number>>> = { attention: 85, lora: 95 };

/** How far a LoRA may change the colours of regions that do not have it, in percent of all that there are. */
const LEAK_GOAL = 2;

/**
 * For every way of painting the share of regions, in percent, whose background and whose object are right, backgrounds
 * without the LoRA's, whose light is another; and what a LoRA gives to its region and to the others.
 */
export function figures(pictures: readonly JudgedPicture[]): readonly Figure[] {
  const shares = (["background", "object"] as const).flatMap((what) =>
    WAYS.filter((way) => what === "object" || way !== "lora").map((way): Figure => {
      const regions = pictures.filter((picture) => picture.way === way).flatMap((picture) => picture.regions);
      if (regions.length === 0) throw new RangeError(`Cannot take shares of no regions in ${PAINTED[way]}`);
      return {
        name: `regions with their ${what}, ${PAINTED[way]}`,
        value: 100 * regions.filter((region) => region[what]).length / regions.length,
        unit: `% of ${regions.length}`,
        goal: what === "object" ? OBJECT_GOALS[way] ?? null : null,
        better: "higher",
        spread: null,
      };
    })
  );
  return [...shares, ...styleFigures(pictures)];
}

/** The mean gain of violet cast over the same layout without the LoRA, in percent of 255: in its region, and in others the amount. */
function styleFigures(pictures: readonly JudgedPicture[]): readonly Figure[] {
  const own: number[] = [], others: number[] = [];
  for (const { asked, regions } of pictures.filter(({ way }) => way === "lora")) {
    const without = pictures.find((picture) => picture.way === "attention" && picture.asked.seed === asked.seed);
    regions.forEach(({ cast }, r) => {
      const before = without?.regions[r]?.cast;
      if (before === undefined) {
        throw new RangeError(`Cannot compare layout ${asked.seed} with itself without the LoRA`);
      }
      const gained = 100 / 255 * (cast - before);
      if (r === borrower(asked)) own.push(gained);
      else others.push(Math.abs(gained));
    });
  }
  const figure = (where: string, gains: readonly number[], goal: number | null, better: Figure["better"]): Figure => ({
    name: `violet cast that a LoRA in one region gives to ${where}`,
    value: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    unit: `% of 255, ${gains.length} regions`,
    goal,
    better,
    spread: null,
  });
  return [figure("it", own, null, "higher"), figure("the others", others, LEAK_GOAL, "lower")];
}

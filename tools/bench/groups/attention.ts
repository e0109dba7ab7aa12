/** Attention mode: what regions add to a step. */

import { figure, type Row } from "../figure.ts";
import { BASE_RATIO, REGION_COUNTS } from "../layouts.ts";
import type { BenchOptions } from "../options.ts";
import { pairedRatio, repeated, summarize } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** The most that a step may take, in steps of a plain picture, by number of regions; without base prompt. */
const GOALS = new Map([[8, 1.05], [16, 1.08]]);
/** The same where the base prompt has its share, for any number of regions. */
const GOAL_WITH_BASE = 1.12;

/** Steps for one polarity, against a plain picture's. */
export async function* attention({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    const plain = subject.loop({ edge, regions: 0 });
    yield figure(`plain step, ${edge} px`, summarize(await repeated(plain.step, repeats, 3)), { unit: "ms" });
    for (const baseRatio of [0, BASE_RATIO]) {
      for (const regions of REGION_COUNTS) {
        const regional = subject.loop({ edge, regions, baseRatio });
        yield figure(
          `attention step, R = ${regions}, ${baseRatio === 0 ? "no base" : `base ${baseRatio}`}, ${edge} px`,
          await pairedRatio(regional.step, plain.step, repeats),
          { unit: "x plain", goal: baseRatio === 0 ? GOALS.get(regions) ?? null : GOAL_WITH_BASE },
        );
      }
    }
  }
}

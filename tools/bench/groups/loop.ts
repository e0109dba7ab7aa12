/** What the loop takes beside the network: per step, and once per generation. */

import { figure, type Row } from "../figure.ts";
import { BASE_RATIO, REGION_COUNTS } from "../layouts.ts";
import type { BenchOptions } from "../options.ts";
import { repeated, summarize } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** Per cent of a step. */
const GOAL_OUTSIDE = 3;

/** Guided steps, as pictures are painted. */
export async function* loop({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    for (const regions of [0, 8]) {
      const { step } = subject.loop({ edge, regions, baseRatio: BASE_RATIO, guidanceScale: 5 });
      const outside = async () => {
        const before = subject.runtime.insideMs;
        const ms = await step();
        return 100 * (1 - (subject.runtime.insideMs - before) / ms);
      };
      yield figure(
        `outside run(), ${regions === 0 ? "plain" : `R = ${regions}, base ${BASE_RATIO}`}, ${edge} px`,
        summarize(await repeated(outside, repeats, 2)),
        { unit: "% of a step", goal: GOAL_OUTSIDE },
      );
    }
    for (const regions of REGION_COUNTS) {
      // What the first step takes longer than the next: packing, projecting keys and values.
      const once = async () => {
        const { step } = subject.loop({ edge, regions, baseRatio: BASE_RATIO });
        const first = await step();
        return first - await step();
      };
      yield figure(
        `per generation, R = ${regions}, base ${BASE_RATIO}, ${edge} px`,
        summarize(await repeated(once, repeats)),
        { unit: "ms" },
      );
    }
  }
}

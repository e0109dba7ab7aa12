/** Latent mode: one prediction for each region. */

import { figure, type Row } from "../figure.ts";
import { REGION_COUNTS } from "../layouts.ts";
import type { BenchOptions } from "../options.ts";
import { pairedRatio } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** Steps for one polarity, against a plain picture's. */
export async function* latent({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    const plain = subject.loop({ edge, regions: 0 });
    for (const regions of REGION_COUNTS) {
      const regional = subject.loop({ edge, regions, mode: "latent" });
      // A step is R predictions long, which averages as much as more repeats would.
      const pairs = Math.max(3, Math.ceil(repeats / regions));
      yield figure(
        `latent step, R = ${regions}, no base, ${edge} px`,
        await pairedRatio(regional.step, plain.step, pairs, 1),
        { unit: "x plain" },
      );
    }
  }
}

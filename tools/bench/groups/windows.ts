/** Large pictures by windows: time is that of their windows, and so grows with the area. */

import { windowsAlong } from "../../../compute/windows.ts";
import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { pairedRatio } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** Windows of the embedded model's native size. */
const WINDOWS = { size: 256, overlap: 64 };

/** What fusing and cropping may add to a window's prediction. */
const MOST_PER_WINDOW = 1.1;

/** Steps for one polarity and four regions, against a picture of a window's size. */
export async function* windows({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  const native = subject.loop({ edge: WINDOWS.size, regions: 4 });
  for (const edge of quick ? EDGES.slice(1) : [...EDGES.slice(1), 1024]) {
    const count = windowsAlong(edge, WINDOWS) ** 2;
    const windowed = subject.loop({ edge, regions: 4, windows: WINDOWS });
    yield figure(
      `step by ${count} windows of ${WINDOWS.size} px, R = 4, ${edge} px`,
      await pairedRatio(windowed.step, native.step, Math.max(3, Math.ceil(repeats / count)), 1),
      { unit: `x ${WINDOWS.size} px`, goal: MOST_PER_WINDOW * count },
    );
  }
}

/** What previews cost a picture. */

import { fitPreviewMap } from "../../../compute/pipeline/preview.ts";
import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { ServerProcess } from "../server_process.ts";
import { pairedRatio, repeated, summarize, type Summary } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** Per cent of a step. */
const GOAL = 2;
/** Drawings that are timed together: one alone is too short for the clock. */
const DRAWINGS = 20;

/** Drawing them inside the worker, and sending them to a subscriber that asks for every one. */
export async function* previews({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const edges = quick ? EDGES.slice(0, 1) : EDGES;
  yield* drawing(edges, repeats);
  await using server = await ServerProcess.start();
  for (const edge of edges) {
    const steps = edge === EDGES[0] ? 20 : 6;
    const ratio = await pairedRatio(
      () => server.stepMs({ edge, steps, previews: true }),
      () => server.stepMs({ edge, steps, previews: false }),
      Math.max(3, Math.ceil(repeats / 2)),
      1,
    );
    yield figure(`previews on against off, ${edge} px`, perCent(ratio), { unit: "% of a step", goal: GOAL });
  }
}

async function* drawing(edges: readonly number[], repeats: number): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  const map = await fitPreviewMap(await subject.model.vaeDecoder(), subject.model.config.latents.channels);
  for (const edge of edges) {
    const latents = subject.latents(edge);
    const cells = edge / subject.model.config.vaeFactor;
    const { step } = subject.loop({ edge, regions: 2, baseRatio: 0.2, guidanceScale: 5 });
    const share = async () => {
      const since = performance.now();
      for (let i = 0; i < DRAWINGS; i++) map.render(latents.data, cells, cells);
      return 100 * (performance.now() - since) / DRAWINGS / await step();
    };
    yield figure(`drawing a preview, ${edge} px`, summarize(await repeated(share, repeats, 2)), {
      unit: "% of a step",
      goal: GOAL,
    });
  }
}

function perCent({ median, min, max }: Summary): Summary {
  return { median: 100 * (median - 1), min: 100 * (min - 1), max: 100 * (max - 1) };
}

/** What checkpoints cost a picture. */

import type { PictureState } from "../../../compute/pipeline/picture_state.ts";
import { packPicture } from "../../../compute/worker/picture_checkpoint.ts";
import { sealed } from "../../../jobs/sealed.ts";
import { CheckpointFiles } from "../../../store/checkpoint_files.ts";
import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { repeated, summarize } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** Per cent of a step. */
const GOAL = 1;
/** Checkpoints that are timed together: one alone is too short for the clock. */
const TOGETHER = 20;

/** Making one, in the loop; and keeping it, beside the loop, on the server's thread and the disk. */
export async function* checkpoints({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const edges = quick ? EDGES.slice(0, 1) : EDGES;
  await using subject = await Subject.load();
  const { info } = subject.runtime;
  const folder = await Deno.makeTempDir({ prefix: "parterre-bench-" });
  try {
    const files = new CheckpointFiles(folder);
    for (const edge of edges) {
      const { data } = subject.latents(edge);
      const planes = Array.from({ length: 4 }, () => data.slice());
      const [sample = data, ...remembered] = planes;
      const state: PictureState = {
        pass: 0,
        completed: 1,
        call: 0,
        paths: [{ sample, memory: { predictions: remembered }, drawn: 1 }],
        heat: null,
        before: null,
        attention: [],
        timing: { loadMs: 0, encodeMs: 0, denoiseMs: 0, decodeMs: 0 },
      };
      const { step } = subject.loop({ edge, regions: 2, baseRatio: 0.2, guidanceScale: 5 });
      const share = (work: () => unknown) => async () => {
        const since = performance.now();
        for (let i = 0; i < TOGETHER; i++) await work();
        return 100 * (performance.now() - since) / TOGETHER / await step();
      };
      const made = summarize(await repeated(share(() => packPicture(state, info)), repeats, 2));
      yield figure(`making a checkpoint, ${edge} px`, made, { unit: "% of a step", goal: GOAL });
      const bytes = packPicture(state, info);
      const keep = async () => await files.save("bench", 1, "state", await sealed({ state: bytes }));
      const kept = summarize(await repeated(share(keep), repeats, 2));
      yield figure(`keeping one beside the steps, ${edge} px`, kept, { unit: "% of a step", goal: GOAL });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the kernels of `wasm/` save: compiling a layout, and drawing a preview. */

import { PreviewMap } from "../../../compute/pipeline/preview.ts";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import { compileWeightMaps, exactWeightMaps } from "../../../layout/weights/weight_maps.ts";
import { figure, type Row } from "../figure.ts";
import { softLayout } from "../layouts.ts";
import type { BenchOptions } from "../options.ts";
import { type Measure, pairedRatio, repeated, summarize } from "../statistics.ts";

/** Milliseconds: a layout is redrawn while a person drags a region. */
const GOAL = 30;

/** Calls before those that count, during which the engine still optimises the kernels; and the fewest that count. */
const CALLS = 15;

const REGIONS = 16;
const FACTOR = 8;

/** Latents of Stable Diffusion's shape, for pictures of 512 x 512. */
const PREVIEW = { channels: 4, edge: 64 } as const;
/** Drawings that are timed together: one alone is too short for the clock. */
const DRAWINGS = 50;

/** On one thread, from the resolved layout to the maps at latent size. */
export async function* layout({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  for (const edge of quick ? [2048] : [1024, 2048]) {
    for (const overlap of ["NORMALIZE", "Z_ORDER"] as const) {
      const soft = softLayout(REGIONS, overlap), size = { width: edge, height: edge, factor: FACTOR };
      const kernels = timed(() => compileWeightMaps(soft, size));
      const twins = timed(() => exactWeightMaps(soft, size));
      const name = `a layout of ${REGIONS} soft regions, ${overlap}, ${edge} px`;
      const samples = await repeated(kernels, Math.max(CALLS, repeats), CALLS);
      yield figure(`compiling ${name}`, summarize(samples), { unit: "ms", goal: GOAL });
      if (overlap !== "NORMALIZE") continue;
      yield figure(`${name}, without kernels`, summarize(await repeated(twins, Math.min(3, repeats), 1)), {
        unit: "ms",
      });
      yield figure(`${name}, kernels against none`, await pairedRatio(kernels, twins, Math.min(3, repeats), 0), {
        unit: "x",
      });
    }
  }
  yield* preview(repeats);
}

async function* preview(repeats: number): AsyncGenerator<Row, void, undefined> {
  const { channels, edge } = PREVIEW;
  const map = new PreviewMap(Array.from({ length: channels + 1 }, (_, c) => [0.3 - c / 10, c / 9 - 0.2, 0.1]));
  const latents = new NormalNoise(0).draw(channels * edge * edge);
  const draw = (render: () => unknown): Measure =>
    timed(() => {
      for (let i = 0; i < DRAWINGS; i++) render();
    }, DRAWINGS);
  const kernel = draw(() => map.render(latents, edge, edge));
  const twin = draw(() => map.renderExactly(latents, edge, edge));
  yield figure(`drawing a preview of ${edge} x ${edge}`, summarize(await repeated(kernel, repeats, 3)), { unit: "ms" });
  yield figure(
    `drawing a preview of ${edge} x ${edge}, kernel against none`,
    await pairedRatio(kernel, twin, repeats, 3),
    { unit: "x" },
  );
}

/** Milliseconds of what `work` does, over `count`. */
function timed(work: () => void, count = 1): Measure {
  return () => {
    const since = performance.now();
    work();
    return Promise.resolve((performance.now() - since) / count);
  };
}

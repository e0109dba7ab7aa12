/** The provider `webgpu`: its step against WASM's, and whether regions cost as little on a GPU. */

import { chooseRuntime } from "../../../compute/runtime/choose.ts";
import { figure, type Row } from "../figure.ts";
import { REGION_COUNTS } from "../layouts.ts";
import type { BenchOptions } from "../options.ts";
import { pairedRatio, repeated, summarize } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** The regions of latent mode, which takes a prediction for each. */
const LATENT_REGIONS = 8;

/** Steps for one polarity; a program that plays a GPU is left out. */
export async function* webgpu({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const runtime = await chooseRuntime("auto", { threads: navigator.hardwareConcurrency });
  if (runtime.info.provider !== "webgpu") {
    yield { name: "webgpu step", unmeasured: runtime.info.rejected.map(({ reason }) => reason).join("; ") };
    return;
  }
  await using gpu = await Subject.load(runtime);
  await using wasm = await Subject.load();
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    const plain = gpu.loop({ edge, regions: 0 });
    yield figure(`webgpu plain step, ${edge} px`, summarize(await repeated(plain.step, repeats, 3)), { unit: "ms" });
    const onWasm = wasm.loop({ edge, regions: 0 });
    yield figure(`webgpu against wasm, plain step, ${edge} px`, await pairedRatio(plain.step, onWasm.step, repeats), {
      unit: "x wasm",
    });
    for (const regions of REGION_COUNTS) {
      const regional = gpu.loop({ edge, regions });
      yield figure(
        `webgpu attention step, R = ${regions}, no base, ${edge} px`,
        await pairedRatio(regional.step, plain.step, repeats),
        { unit: "x plain" },
      );
    }
    const latent = gpu.loop({ edge, regions: LATENT_REGIONS, mode: "latent" });
    yield figure(
      `webgpu latent step, R = ${LATENT_REGIONS}, no base, ${edge} px`,
      await pairedRatio(latent.step, plain.step, Math.max(3, Math.ceil(repeats / LATENT_REGIONS)), 1),
      { unit: "x plain" },
    );
  }
}

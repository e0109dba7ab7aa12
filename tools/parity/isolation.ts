/** Two runs that differ in one region's context: where that region has no weight, a layer's output keeps every bit. */

import { regionalConditioning } from "../../compute/pipeline/conditioning.ts";
import type { Tensor } from "../../compute/tensor.ts";
import type { GraphIndex } from "../../compute/graph/graph_index.ts";
import type { RegionalRewrite } from "../../compute/graph/regional_rewrite.ts";
import { type CaseResult, reference, TOLERANCE, unetTolerance } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";
import { weightMaps } from "./steps.ts";

/** Checks the first cross-attention layer and the whole output of both runs. */
export async function* checkIsolation(
  document: { readonly model: string },
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  let layer = "";
  const unet = await models.openUnet(document.model, {
    alsoOutput: (rewrite, graph) => [layer = firstLayerOutput(rewrite, graph)],
  });
  try {
    const maps = weightMaps(reference(tensors, "maps"));
    const sample = reference(tensors, "sample");
    const [timestep = 0] = reference(tensors, "timestep").data;
    const run = async (last: string): Promise<{ readonly y: Tensor; readonly out: Tensor }> => {
      const pooled = tensors.get("text_embeds") ?? null;
      const contexts = ["context.0", "context.1", last].map((key) => ({ ...reference(tensors, key), pooled }));
      const outputs = await unet.run(sample, timestep, regionalConditioning(contexts, maps, unet));
      return { y: reference(outputs, layer), out: reference(outputs, "out_sample") };
    };
    const a = await run("context.2");
    const b = await run("context.2b");
    for (const [key, value] of [["y_a", a.y], ["y_b", b.y], ["out_a", a.out], ["out_b", b.out]] as const) {
      const tolerance = Math.max(key.startsWith("y") ? TOLERANCE.layer : 0, unetTolerance(unet));
      yield { name: key, error: maxDifference(value.data, reference(tensors, key).data), tolerance };
    }
    yield { name: "equal bits", error: differenceOutside(a.y, b.y, reference(tensors, "layer_maps")), tolerance: 0 };
  } finally {
    await unet.release();
  }
}

/** The largest difference over the tokens to which the last region gives no weight. */
function differenceOutside(a: Tensor, b: Tensor, maps: Tensor): number | string {
  const [count = 0, tokens = 0] = maps.dims;
  const width = a.data.length / tokens;
  const weights = maps.data.subarray((count - 1) * tokens);
  let worst = 0;
  let compared = 0;
  for (let n = 0; n < tokens; n++) {
    if (weights[n] !== 0) continue;
    compared++;
    const row = (t: Tensor) => t.data.subarray(n * width, (n + 1) * width);
    worst = Math.max(worst, maxDifference(row(a), row(b)));
  }
  return compared === 0 ? "no token lies outside the region" : worst;
}

/** The first layer's output after its projection and bias, before the residual is added. */
function firstLayerOutput(rewrite: RegionalRewrite, graph: GraphIndex): string {
  const projected = rewrite.layers[0]?.outputProjection.output[0] ?? "";
  const bias = graph.consumers(projected).find((node) => node.opType === "Add");
  return bias?.output[0] ?? projected;
}

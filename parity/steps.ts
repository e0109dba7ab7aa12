/** Single UNet calls: plain and regional, equal and unequal contexts, any size. */

import type { Tensor } from "../compute/tensor.ts";
import { plainConditioning, regionalConditioning } from "../compute/pipeline/conditioning.ts";
import { elements } from "../compute/tensor.ts";
import { type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface StepsDocument {
  readonly model: string;
  readonly cases: readonly StepCase[];
}

interface StepCase {
  readonly case: string;
  /** Another folder than the document's. */
  readonly model?: string;
  readonly elements: readonly { readonly contexts: readonly string[]; readonly maps: string | null }[];
}

/** Runs every step case, each element of its batch on its own. */
export async function* checkSteps(
  document: StepsDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  for (const item of document.cases) {
    const folder = item.model ?? document.model;
    const unet = await models.unet(folder);
    const sample = reference(tensors, `${item.case}/sample`);
    const [timestep = 0] = reference(tensors, `${item.case}/timestep`).data;
    const expected = reference(tensors, `${item.case}/out`);
    let error = 0;
    for (const [b, element] of item.elements.entries()) {
      const x = batchElement(sample, b);
      const [height = 0, width = 0] = x.dims.slice(2);
      const contexts = element.contexts.map((key) => reference(tensors, key));
      const [base] = contexts;
      if (base === undefined) continue;
      const conditioning = element.maps === null
        ? plainConditioning(base, height, width, unet)
        : regionalConditioning(contexts, weightMaps(reference(tensors, element.maps)), unet);
      const out = await unet.predict(x, timestep, conditioning);
      error = Math.max(error, maxDifference(out.data, batchElement(expected, b).data));
    }
    yield { name: item.case, error, tolerance: TOLERANCE.unet };
  }
}

/** Element `b` of a batch, as a batch of one. */
export function batchElement(batch: Tensor, b: number): Tensor {
  const dims = [1, ...batch.dims.slice(1)];
  const size = elements(dims);
  return { dims, data: batch.data.slice(b * size, (b + 1) * size) };
}

/** A reference tensor [R + 1, h, w] as weight maps. */
export function weightMaps(
  maps: Tensor,
): { readonly count: number; readonly height: number; readonly width: number; readonly data: Float32Array } {
  const [count = 0, height = 0, width = 0] = maps.dims;
  return { count, height, width, data: maps.data };
}

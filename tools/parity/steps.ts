/** Single UNet calls: plain and regional, equal and unequal contexts, any size, every export form. */

import { plainConditioning, regionalConditioning } from "../../compute/pipeline/conditioning.ts";
import type { Unet } from "../../compute/model/unet.ts";
import { elements, type Tensor } from "../../compute/tensor.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import { attempt, type CaseResult, failure, reference, unetTolerance } from "./case.ts";
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
  /** The guidance scale, for models that take it as an input. */
  readonly guidance_embedded?: number;
}

/**
 * Runs every step case on the model itself and on each of its UNet-only variants, each element of a batch on its own.
 * Cases of sizes that a stock graph cannot take are run everywhere all the same: the rewrite lifts that limit.
 */
export async function* checkSteps(
  document: StepsDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const named = document.cases.flatMap((item) => item.model ?? []);
  for (const folder of new Set([document.model, ...named, ...models.variantsOf(document.model)])) {
    const suffix = folder === document.model ? "" : ` [${folder}]`;
    let unet: Unet;
    try {
      unet = await models.openUnet(folder);
    } catch (error) {
      for (const item of document.cases) yield failure(`${item.case}${suffix}`, error);
      continue;
    }
    try {
      for (const item of document.cases) {
        yield await attempt(`${item.case}${suffix}`, unetTolerance(unet), () => step(item, tensors, unet));
      }
    } finally {
      await unet.release();
    }
  }
}

/** The largest difference over the batch. */
async function step(item: StepCase, tensors: Tensors, unet: Unet): Promise<number> {
  const tensor = (key: string) => reference(tensors, `${item.case}/${key}`);
  const [timestep = 0] = tensor("timestep").data;
  const options = item.guidance_embedded === undefined ? {} : { guidance: item.guidance_embedded };
  let error = 0;
  for (const [b, element] of item.elements.entries()) {
    const sample = batchElement(tensor("sample"), b);
    const [height = 0, width = 0] = sample.dims.slice(2);
    const pooled = unet.added.ofFamily !== null ? batchElement(tensor("text_embeds"), b) : null;
    const contexts = element.contexts.map((key) => ({ ...reference(tensors, key), pooled }));
    const [base] = contexts;
    if (base === undefined) throw new RangeError("Cannot run a case without contexts");
    const conditioning = element.maps === null
      ? plainConditioning(base, height, width, unet, options)
      : regionalConditioning(contexts, weightMaps(reference(tensors, element.maps)), unet, options);
    const out = await unet.predict(sample, timestep, conditioning);
    error = Math.max(error, maxDifference(out.data, batchElement(tensor("out"), b).data));
  }
  return error;
}

/** Element `b` of a batch, as a batch of one. */
export function batchElement(batch: Tensor, b: number): Tensor {
  const dims = [1, ...batch.dims.slice(1)];
  const size = elements(dims);
  return { dims, data: batch.data.slice(b * size, (b + 1) * size) };
}

/** A reference tensor [R + 1, h, w] as weight maps. */
export function weightMaps(maps: Tensor): WeightMaps {
  const [count = 0, height = 0, width = 0] = maps.dims;
  return { count, height, width, data: maps.data };
}

/** Whole denoising loops, from the reference's noise and the prompts' own text to the final latents and the picture. */

import type { WeightMaps } from "../layout/weight_maps.ts";
import { denoise, type RegionMode } from "../compute/pipeline/denoise.ts";
import { createFromDiffusers } from "../compute/sampler/registry.ts";
import type { NoiseSource } from "../compute/sampler/sampler.ts";
import { type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";
import { batchElement, weightMaps } from "./steps.ts";

interface LoopsDocument {
  readonly model: string;
  readonly cases: readonly LoopCase[];
}

interface LoopCase {
  readonly case: string;
  readonly scheduler: string;
  readonly scheduler_config: Readonly<Record<string, unknown>>;
  readonly mode: RegionMode;
  readonly steps: number;
  readonly prompts: readonly string[];
  readonly negatives: readonly string[];
  /** One scale per weight map; null without guidance. */
  readonly guidance: readonly number[] | null;
  /** Image to image: the first step taken. */
  readonly begin_index?: number;
}

export async function* checkLoops(
  document: LoopsDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  const unet = await models.unet(document.model);
  const text = await model.textEncoder();
  const encode = async (prompts: readonly string[]) => {
    const contexts = [];
    for (const prompt of prompts) contexts.push((await text.encode(prompt)).context);
    return contexts;
  };
  for (const item of document.cases) {
    const tensor = (key: string) => reference(tensors, `${item.case}/${key}`);
    const begin = item.begin_index ?? 0;
    const sampler = createFromDiffusers(item.scheduler, item.scheduler_config, item.steps, { begin });
    const steps = denoise({
      unet,
      sampler,
      begin,
      start: tensor("start"),
      mode: item.mode,
      cond: await encode(item.prompts),
      uncond: item.guidance === null || item.negatives.length === 0 ? null : await encode(item.negatives),
      mapsAt: mapsOf(item.case, tensors, begin),
      guidanceScales: item.guidance ?? [1],
      noise: injectedNoise(tensors.has(`${item.case}/inject`) ? tensor("inject") : undefined),
    });
    const final = tensor("final");
    let error = 0;
    let last: Float32Array = new Float32Array();
    for await (const { index, sample } of steps) {
      const expected = tensor(`step.${index - begin}`).data;
      // Early samples are far larger than the final one where the first sigma is huge.
      const scale = Math.max(largest(final.data), largest(expected));
      error = Math.max(error, maxDifference(sample, expected) / scale);
      last = sample;
    }
    yield { name: item.case, error, tolerance: TOLERANCE.loop };
    if (tensors.has(`${item.case}/image`)) {
      const image = await (await model.vaeDecoder()).decode({ dims: final.dims, data: last });
      yield {
        name: `${item.case} image`,
        error: maxDifference(image.data, tensor("image").data) / Math.max(1, largest(tensor("image").data)),
        tolerance: TOLERANCE.loop,
      };
    }
  }
}

/** Weight maps by step: one set for all steps, one per step where regions have windows, or none. */
function mapsOf(name: string, tensors: Tensors, begin: number): (step: number) => WeightMaps | null {
  const all = tensors.get(`${name}/maps`);
  if (all !== undefined) {
    const maps = weightMaps(all);
    return () => maps;
  }
  return (step) => {
    const maps = tensors.get(`${name}/maps.${step - begin}`);
    return maps === undefined ? null : weightMaps(maps);
  };
}

function injectedNoise(inject: Parameters<typeof batchElement>[0] | undefined): NoiseSource {
  let drawn = 0;
  return () => {
    if (inject === undefined) throw new RangeError("The sampler asks for noise that the reference did not draw");
    return batchElement(inject, drawn++).data;
  };
}

function largest(values: Float32Array): number {
  return values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
}

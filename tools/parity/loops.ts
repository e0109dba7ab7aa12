/** Whole denoising loops, from the noise and the prompts' own text to the final latents and the picture. */

import type { PromptContext, TextConditioner } from "../../compute/model/text_conditioner.ts";
import type { Unet } from "../../compute/model/unet.ts";
import { denoise, type RegionMode } from "../../compute/pipeline/denoise.ts";
import { createFromDiffusers } from "../../compute/sampler/registry.ts";
import type { NoiseSource } from "../../compute/sampler/sampler.ts";
import type { Tensor } from "../../compute/tensor.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import { attempt, type CaseResult, reference, TOLERANCE, unetTolerance } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { largest, maxDifference, type Tensors } from "./reference.ts";
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
  /** One scale per weight map; null without guidance by a second prediction. */
  readonly guidance: readonly number[] | null;
  /** The scale, for models that take it as an input. */
  readonly guidance_embedded?: number;
  /** Image to image: the first step taken. */
  readonly begin_index?: number;
}

/** Runs every loop, comparing the latents after each step, and the picture where the reference holds one. */
export async function* checkLoops(
  document: LoopsDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  const unet = await models.unet(document.model);
  const text = await model.textEncoder();
  for (const item of document.cases) {
    let last: Float32Array = new Float32Array();
    yield await attempt(item.case, Math.max(TOLERANCE.loop, unetTolerance(unet)), async () => {
      let error = 0;
      for await (const step of loop(item, tensors, unet, text)) {
        error = Math.max(error, step.error);
        last = step.sample;
      }
      return error;
    });
    const image = tensors.get(`${item.case}/image`);
    if (image === undefined) continue;
    yield await attempt(`${item.case} image`, TOLERANCE.picture, async () => {
      const { dims } = reference(tensors, `${item.case}/final`);
      const decoded = await (await model.vaeDecoder()).decode({ dims, data: last });
      return maxDifference(decoded.data, image.data) / Math.max(1, largest(image.data));
    });
  }
}

/** The samples of one loop with their distance from the reference, relative to its largest final or current latent. */
async function* loop(
  item: LoopCase,
  tensors: Tensors,
  unet: Unet,
  text: TextConditioner,
): AsyncGenerator<{ readonly sample: Float32Array; readonly error: number }> {
  const tensor = (key: string) => reference(tensors, `${item.case}/${key}`);
  const begin = item.begin_index ?? 0;
  const { guidance, guidance_embedded: embedded } = item;
  const steps = denoise({
    unet,
    sampler: createFromDiffusers(item.scheduler, item.scheduler_config, item.steps, { begin }),
    begin,
    start: tensor("start"),
    mode: item.mode,
    cond: await encode(text, item.prompts),
    uncond: guidance === null || item.negatives.length === 0 ? null : await encode(text, item.negatives),
    mapsAt: mapsOf(item.case, tensors, begin),
    guidanceScales: embedded === undefined && guidance !== null ? guidance : item.prompts.map(() => embedded ?? 1),
    noise: injectedNoise(tensors.get(`${item.case}/inject`)),
  });
  const final = largest(tensor("final").data);
  for await (const { index, sample } of steps) {
    const expected = tensor(`step.${index - begin}`).data;
    // Early samples are far larger than the final one where the first sigma is huge.
    yield { sample, error: maxDifference(sample, expected) / Math.max(final, largest(expected)) };
  }
}

/** The contexts of prompts. */
export async function encode(text: TextConditioner, prompts: readonly string[]): Promise<readonly PromptContext[]> {
  const contexts: PromptContext[] = [];
  for (const prompt of prompts) contexts.push((await text.encode(prompt)).context);
  return contexts;
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

function injectedNoise(inject: Tensor | undefined): NoiseSource {
  let drawn = 0;
  return () => {
    if (inject === undefined) throw new RangeError("The sampler asks for noise that the reference did not draw");
    return batchElement(inject, drawn++).data;
  };
}

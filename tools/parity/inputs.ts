/** Pictures to start from and masks: runs of diffusers' img2img and inpaint pipelines, from an image and a seed. */

import { inpaintingChannels } from "../../compute/model/capabilities.ts";
import type { DiffusionModel } from "../../compute/model/model.ts";
import type { Unet } from "../../compute/model/unet.ts";
import { denoise, type RegionMode } from "../../compute/pipeline/denoise.ts";
import { noiseOf } from "../../compute/pipeline/painting_pass.ts";
import type { PictureRequest } from "../../compute/pipeline/request.ts";
import { startOf } from "../../compute/pipeline/start.ts";
import { takenSteps } from "../../compute/pipeline/taken_steps.ts";
import { createFromDiffusers } from "../../compute/sampler/registry.ts";
import type { Tensor } from "../../compute/tensor.ts";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";
import type { MaskImage } from "../../layout/masks/mask_image.ts";
import { attempt, type CaseResult, reference, TOLERANCE, unetTolerance } from "./case.ts";
import { encode } from "./loops.ts";
import type { ParityModels } from "./models.ts";
import { largest, maxDifference, type Tensors } from "./reference.ts";
import { weightMaps } from "./steps.ts";

interface InputsDocument {
  readonly model: string;
  readonly cases: readonly InputsCase[];
}

interface InputsCase {
  readonly case: string;
  readonly mode: "img2img" | "inpaint";
  readonly regions: RegionMode;
  readonly strength: number;
  readonly steps: number;
  readonly seed: number;
  readonly scheduler: string;
  readonly scheduler_config: Readonly<Record<string, unknown>>;
  /** Names of tensors. */
  readonly image: string;
  readonly mask: string | null;
  /** The base's, then the regions'. */
  readonly prompts: readonly string[];
  readonly negative: string;
  readonly guidance: number;
}

/** Runs every case, comparing the latents after each step. */
export async function* checkInputs(
  document: InputsDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  const unet = await models.unet(document.model);
  const ofLoop = inpaintingChannels(model.config) > 0 ? TOLERANCE.inpaintingLoop : TOLERANCE.loop;
  for (const item of document.cases) {
    const tolerance = Math.max(ofLoop, unetTolerance(unet));
    yield await attempt(`${item.mode} ${item.case}`, tolerance, () => run(item, tensors, model, unet));
  }
}

/** The largest distance from the reference, relative to the largest final or current latent. */
async function run(item: InputsCase, tensors: Tensors, model: DiffusionModel, unet: Unet): Promise<number> {
  const image = rgba(reference(tensors, item.image));
  const mask = item.mask === null ? null : rgba(reference(tensors, item.mask));
  const request = requestOf(item, image);
  const create = (begin: number) => createFromDiffusers(item.scheduler, item.scheduler_config, item.steps, { begin });
  const { begin } = takenSteps({ ...request, sampler: item.scheduler }, create(0).timesteps.length);
  const sampler = create(begin);
  const maps = item.prompts.length > 1 ? weightMaps(reference(tensors, `${item.case}/maps`)) : null;
  const noise = noiseOf(request, model.config);
  const images = new Map([["image", image], ...mask === null ? [] : [["mask", mask] as const]]);
  const surroundings = { config: model.config, sampler, begin, noise, maps, images };
  const { finish: _, ...start } = await startOf(request, { ...surroundings, encoder: () => model.vaeEncoder() });
  const text = await model.textEncoder();
  const loop = denoise({
    unet,
    sampler,
    begin,
    ...start,
    mode: item.regions,
    cond: await encode(text, item.prompts),
    uncond: await encode(text, [item.negative]),
    mapsAt: () => maps,
    guidanceScales: item.prompts.map(() => item.guidance),
    noise: () => noise.draw(maps),
  });
  const expected = (step: number) => reference(tensors, `${item.case}/step.${step}`).data;
  const last = largest(expected(sampler.timesteps.length - begin - 1));
  let error = 0;
  for await (const { index, sample } of loop) {
    const latents = expected(index - begin);
    error = Math.max(error, maxDifference(sample, latents) / Math.max(last, largest(latents)));
  }
  return error;
}

/** The request that a case stands for; what the loop is given beside it is left at any value. */
function requestOf({ strength, steps, seed, guidance, regions, mask }: InputsCase, image: MaskImage): PictureRequest {
  return {
    model: "",
    layout: PLAIN_LAYOUT,
    width: image.width,
    height: image.height,
    steps,
    sampler: "euler",
    schedule: "model",
    guidanceScale: guidance,
    guidanceStart: 0,
    guidanceEnd: 1,
    previews: "linear",
    seed,
    mode: regions,
    format: "PNG",
    init: {
      image: "image",
      strength,
      mask: mask === null ? null : { area: { kind: "IMAGE", image: "mask" }, inverted: false, feather: 0 },
    },
  };
}

/** Bytes [H, W, 3] or [H, W] as an opaque image. */
function rgba({ dims: [height = 0, width = 0, channels = 1], data }: Tensor): MaskImage {
  const pixels = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) pixels[i * 4 + c] = data[i * channels + (channels === 3 ? c : 0)] ?? 0;
  }
  return { width, height, data: pixels };
}

/** Second passes and windows: runs of diffusers' pipelines from a seed, enlarged, and again from that. */

import { nth } from "../../elements.ts";
import type { DiffusionModel } from "../../compute/model/model.ts";
import type { Band } from "../../compute/model/tiles.ts";
import type { Unet } from "../../compute/model/unet.ts";
import { denoise, type RegionMode } from "../../compute/pipeline/denoise.ts";
import { noiseOf } from "../../compute/pipeline/painting_pass.ts";
import { latentWindows } from "../../compute/pipeline/picture_windows.ts";
import type { PictureRequest, SecondPass } from "../../compute/pipeline/request.ts";
import { toBytes, toParts } from "../../compute/pipeline/rgb_image.ts";
import { startOfSecond } from "../../compute/pipeline/second_pass.ts";
import { type PaintingPass, secondPassOf } from "../../compute/pipeline/second_request.ts";
import { type Start, startOf, type StartOptions } from "../../compute/pipeline/start.ts";
import { takenSteps } from "../../compute/pipeline/taken_steps.ts";
import { createFromDiffusers } from "../../compute/sampler/registry.ts";
import type { Tensor } from "../../compute/tensor.ts";
import type { WindowGrid } from "../../compute/windows.ts";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";
import { NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { attempt, type CaseResult, reference, TOLERANCE, unetTolerance } from "./case.ts";
import { encode } from "./loops.ts";
import type { ParityModels } from "./models.ts";
import { largest, maxDifference, type Tensors } from "./reference.ts";
import { weightMaps } from "./steps.ts";

interface SecondPassDocument {
  readonly model: string;
  readonly cases: readonly SecondPassCase[];
}

interface SecondPassCase {
  readonly case: string;
  readonly regions: RegionMode;
  readonly upscale: SecondPass["upscale"];
  readonly scale: number;
  readonly strength: number;
  /** Of the first pass, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly second_steps: number;
  /** In pixels, of both passes; null for none. */
  readonly windows: WindowGrid | null;
  readonly seed: number;
  readonly scheduler: string;
  readonly scheduler_config: Readonly<Record<string, unknown>>;
  /** The base's, then the regions'. */
  readonly prompts: readonly string[];
  readonly negative: string;
  readonly guidance: number;
}

/**
 * Runs every case, comparing what the first pass leads to and the latents after each step of the second. Where the picture is
 * what is enlarged, its bytes are compared, and the second pass goes on from the reference's: one that rounds the other way
 * would move the latents by more than all arithmetic does.
 */
export async function* checkSecondPass(
  document: SecondPassDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  const unet = await models.unet(document.model);
  const tolerance = Math.max(TOLERANCE.loop, unetTolerance(unet));
  for (const item of document.cases) {
    const request = requestOf(item);
    const tensor = (key: string) => reference(tensors, `${item.case}/${key}`);
    let latents: Tensor = { dims: [], data: new Float32Array() };
    yield await attempt(`${item.case} first`, tolerance, async () => {
      const steps = loop(
        { item, request, maps: "maps.first", tensors, model, unet },
        (options) => startOf(request, { ...options, images: NO_IMAGES, encoder: () => model.vaeEncoder() }),
      );
      for await (const { sample } of steps) latents = { dims: [1, ...tensor("first").dims], data: sample };
      return distance(latents.data, tensor("first").data, new Float32Array());
    });
    if (item.upscale === "pixel") {
      yield await attempt(`${item.case} picture`, TOLERANCE.byte, async () => {
        const { data } = await (await model.vaeDecoder()).decode(latents);
        return maxDifference(Float32Array.from(toBytes(data, item.height, item.width).data), tensor("picture").data);
      });
    }
    yield await attempt(item.case, tolerance, () => second({ item, request, tensors, model, unet }, latents));
  }
}

/** The largest distance of the second pass from the reference, relative to the largest final or current latent. */
async function second(
  { item, request, ...parts }: Omit<Pass, "maps" | "request"> & { readonly request: PictureRequest },
  latents: Tensor,
): Promise<number> {
  const again = secondPassOf(request);
  if (again === undefined) throw new RangeError("Cannot compare a request of one pass");
  const expected: Float32Array[] = [];
  for (;;) {
    const step = parts.tensors.get(`${item.case}/step.${expected.length}`);
    if (step === undefined) break;
    expected.push(step.data);
  }
  const { width, height } = again;
  const bands = () => oneBand(reference(parts.tensors, `${item.case}/picture`));
  const steps = loop({ item, request: again, maps: "maps", ...parts }, (options) =>
    startOfSecond({
      ...{ ...options, latents, width, height, upscale: item.upscale, images: NO_IMAGES },
      encoder: () => parts.model.vaeEncoder(),
      decoder: () => Promise.resolve({ bands }),
    }));
  let error = 0, taken = 0;
  for await (const { sample } of steps) {
    error = Math.max(error, distance(sample, nth(expected, taken++), nth(expected, expected.length - 1)));
  }
  if (taken !== expected.length) throw new RangeError(`Cannot compare ${taken} steps with ${expected.length}`);
  return error;
}

/** Bytes [H, W, 3] as a decoder gives them. */
async function* oneBand({ dims: [height = 0, width = 0], data }: Tensor): AsyncGenerator<Band> {
  yield { y: 0, rows: toParts({ width, height, data: Uint8Array.from(data) }).part({ x: 0, y: 0, width, height }) };
}

interface Pass {
  readonly item: SecondPassCase;
  readonly request: PaintingPass;
  /** Name of its maps. */
  readonly maps: string;
  readonly tensors: Tensors;
  readonly model: DiffusionModel;
  readonly unet: Unet;
}

/** The steps of one pass. */
async function* loop(
  { item, request, maps: named, tensors, model, unet }: Pass,
  startAt: (options: Omit<StartOptions, "images" | "encoder">) => Promise<Start>,
) {
  const create = (begin: number) =>
    createFromDiffusers(item.scheduler, item.scheduler_config, request.steps, { begin });
  const { begin } = takenSteps({ ...request, sampler: item.scheduler }, create(0).timesteps.length);
  const sampler = create(begin);
  const maps = item.prompts.length > 1 ? weightMaps(reference(tensors, `${item.case}/${named}`)) : null;
  const noise = noiseOf(request, model.config);
  const { finish: _, ...start } = await startAt({ config: model.config, sampler, begin, noise, maps });
  const text = await model.textEncoder();
  const windows = latentWindows(request, model.config.vaeFactor);
  yield* denoise({
    unet,
    sampler,
    begin,
    ...start,
    ...windows && { windows },
    mode: item.regions,
    cond: await encode(text, item.prompts),
    uncond: await encode(text, [item.negative]),
    mapsAt: () => maps,
    guidanceScales: item.prompts.map(() => item.guidance),
    noise: () => noise.draw(maps),
  });
}

/** The request that a case stands for; what the loop is given beside it is left at any value. */
function requestOf(
  { upscale, scale, strength, width, height, steps, second_steps, windows, seed, guidance, regions }: SecondPassCase,
): PictureRequest {
  return {
    model: "",
    layout: PLAIN_LAYOUT,
    width,
    height,
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
    secondPass: { upscale, scale, strength, steps: second_steps },
    ...windows && { windows },
  };
}

function distance(found: Float32Array, expected: Float32Array, last: Float32Array): number {
  return maxDifference(found, expected) / Math.max(largest(expected), largest(last));
}

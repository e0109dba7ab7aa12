/** Where denoising starts: from noise, from a noised picture, or from a picture of which a part stays as it is. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import type { ModelConfig } from "../model/config.ts";
import { inpaintingChannels } from "../model/capabilities.ts";
import type { PictureParts } from "../model/tiles.ts";
import type { VaeEncoder } from "../model/vae.ts";
import type { Sampler } from "../sampler/sampler.ts";
import type { Tensor } from "../tensor.ts";
import type { Denoising } from "./denoise.ts";
import type { Hold } from "./hold.ts";
import { cellShares, initPicture, pasteBack, type PictureSize, repaintMask } from "./init_picture.ts";
import type { RegionNoise } from "./region_noise.ts";
import type { InitPicture, PictureRequest } from "./request.ts";
import { type RgbImage, toParts } from "./rgb_image.ts";

/** What the loop starts with, and what becomes of the picture that it leads to. */
export interface Start extends Required<Pick<Denoising, "start" | "holds" | "beside">> {
  /** Puts back what was not to be painted. */
  readonly finish: (painted: RgbImage) => RgbImage;
}

/** What a start is made with. */
export interface StartOptions {
  readonly config: ModelConfig;
  readonly sampler: Sampler;
  /** The first call that will be made. */
  readonly begin: number;
  readonly noise: RegionNoise;
  /** The weight maps of that call. */
  readonly maps: WeightMaps | null;
  /** Of the layout's masks, of the picture and of its mask. */
  readonly images: MaskImages;
  /** Asked for where a picture is to be encoded. */
  readonly encoder: () => Promise<VaeEncoder>;
}

/**
 * The start of a request, by the steps of diffusers' pipelines (`pipeline_stable_diffusion*.py`, 0.39), noises drawn in
 * their order: for the latents of the picture, the start, the latents of the picture without what is masked.
 * @throws {RangeError} if an image is missing, which checked requests have.
 */
export function startOf(request: PictureRequest, options: StartOptions): Promise<Start> {
  return request.init === undefined
    ? Promise.resolve(fromNoise(request, options))
    : fromPicture(request, request.init, options);
}

function fromNoise({ width, height }: PictureRequest, { config, sampler, noise, maps }: StartOptions): Start {
  const { channels } = config.latents;
  const cells = cellsOf({ width, height }, config.vaeFactor);
  const start = {
    dims: [1, channels, cells.height, cells.width],
    data: scaled(noise.drawStart(maps), sampler.initNoiseSigma),
  };
  // An inpainting model that has no picture: everything is masked, and nothing of a picture is seen.
  const beside = inpaintingChannels(config) === 0
    ? null
    : behind(new Float32Array(cells.width * cells.height).fill(1), new Float32Array(start.data.length), cells);
  return { start, holds: [], beside, finish: (painted) => painted };
}

async function fromPicture(request: PictureRequest, init: InitPicture, options: StartOptions): Promise<Start> {
  const { config, sampler, begin, noise, maps, images } = options;
  const { vaeFactor: factor } = config;
  const image = images.get(init.image);
  if (image === undefined) throw new RangeError(`Cannot find the image "${init.image}"`);
  const original = initPicture(image, request);
  const mask = init.mask && repaintMask(init.mask, request.layout, request, images);
  const inpainting = inpaintingChannels(config) > 0;
  const encoder = await options.encoder();
  const encode = async (picture: PictureParts) => await encoder.sample(picture, noise.draw(maps));

  // What is painted wholly anew starts from noise alone; inpainting models then need not know what was there.
  const anew = mask !== null && init.strength === 1;
  const latents = anew && inpainting ? null : (await encode(toParts(original))).data;
  const unit = noise.drawStart(maps);
  const data = anew || latents === null ? scaled(unit, sampler.initNoiseSigma) : sampler.addNoise(latents, unit, begin);
  const cells = cellsOf(request, factor);
  const start = { dims: [1, config.latents.channels, cells.height, cells.width], data };
  const finish = (painted: RgbImage) => mask === null ? painted : pasteBack(painted, original, mask);

  if (inpainting) {
    const masked = mask ?? new Float32Array(request.width * request.height).fill(1);
    const seen = await encode(toParts(original, masked));
    return { start, holds: [], beside: behind(maskedCells(masked, request, factor), seen.data, cells), finish };
  }
  if (mask === null || latents === null) return { start, holds: [], beside: null, finish };
  noise.draw(maps); // diffusers encodes the picture without what is masked here too, though it has no use for it
  return { start, holds: [holdTo(latents, unit, cellShares(mask, request, factor), sampler)], beside: null, finish };
}

/** Holds what is not masked to the picture, noised by the noise of the start (`pipeline_stable_diffusion_inpaint.py`). */
function holdTo(clean: Float32Array, unit: Float32Array, mask: Float32Array, sampler: Sampler): Hold {
  const last = sampler.timesteps.length - 1;
  const noised = (i: number) => i > last ? clean : sampler.addNoise(clean, unit, i);
  return { mask, after: (i) => ({ sample: noised(i + 1), predOriginal: clean }) };
}

/** Which cells are masked, 1 or 0: as inpainting models were trained, those whose first pixel is, by a half or more. */
function maskedCells(mask: Float32Array, size: PictureSize, factor: number): Float32Array {
  const { width, height } = cellsOf(size, factor);
  return Float32Array.from({ length: width * height }, (_, i) => {
    const pixel = Math.floor(i / width) * factor * size.width + (i % width) * factor;
    return (mask[pixel] ?? 0) < 0.5 ? 0 : 1;
  });
}

/** What an inpainting model sees behind the sample: the mask, then the latents of the picture without what is masked. */
function behind(mask: Float32Array, latents: Float32Array, { width, height }: PictureSize): Tensor {
  const data = new Float32Array(mask.length + latents.length);
  data.set(mask);
  data.set(latents, mask.length);
  return { dims: [1, data.length / (width * height), height, width], data };
}

function cellsOf({ width, height }: PictureSize, factor: number): PictureSize {
  return { width: width / factor, height: height / factor };
}

function scaled(values: Float32Array, scale: number): Float32Array {
  return values.map((value) => value * scale);
}

/** The picture that a generation starts from, at the size that it paints, and what of it is painted anew. */

import { resize } from "../../image/resize.ts";
import type { Layout } from "../../layout/layout.ts";
import { feather, gaussianKernel } from "../../layout/masks/feather.ts";
import { type Mask, writeRow } from "../../layout/masks/mask.ts";
import { imageMask, type MaskImage, type MaskImages } from "../../layout/masks/mask_image.ts";
import { regionMasks } from "../../layout/weights/weight_maps.ts";
import type { RepaintMask } from "./request.ts";
import type { RgbImage } from "./rgb_image.ts";

/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** An uploaded image as a picture of this size: transparent pixels as on white paper, resized where it has another. */
export function initPicture({ width, height, data }: MaskImage, size: PictureSize): RgbImage {
  const opaque = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = data[i * 4 + 3] ?? 0;
    for (let c = 0; c < 3; c++) {
      opaque[i * 3 + c] = Math.round(((data[i * 4 + c] ?? 0) * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  const resized = resize({ width, height, channels: 3, data: opaque }, size.width, size.height);
  return { ...size, data: new Uint8Array(resized.data) };
}

/**
 * How much of each pixel is painted anew, [height, width], 0 to 1.
 * @param images Of the layout's masks, and the mask's own.
 * @throws {RangeError} if there is no such image or region, which checked requests have.
 */
export function repaintMask(mask: RepaintMask, layout: Layout, size: PictureSize, images: MaskImages): Float32Array {
  const { width, height } = size;
  const sigma = mask.feather * Math.min(width, height);
  const drawn = areaMask(mask, layout, size, images);
  const soft = sigma === 0 ? drawn : feather(drawn, gaussianKernel(sigma), width, height);
  const row = new Float64Array(width);
  const coverage = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    writeRow(soft, y, row);
    coverage.set(mask.inverted ? row.map((value) => 1 - value) : row, y * width);
  }
  return coverage;
}

function areaMask({ area }: RepaintMask, layout: Layout, size: PictureSize, images: MaskImages): Mask {
  if (area.kind === "IMAGE") {
    const image = images.get(area.image);
    if (image === undefined) throw new RangeError(`Cannot find the image "${area.image}"`);
    return imageMask(image, { channel: "LUMINANCE", colour: null, inverted: false }, size.width, size.height);
  }
  const place = layout.regions.findIndex(({ name }) => name === area.region);
  // What the rest is depends on the regions that paint; any other region is where it is.
  const active = layout.regions[place]?.geometry.kind === "REST"
    ? layout.regions.map(({ enabled }, i) => enabled || i === place)
    : layout.regions.map((_, i) => i === place);
  const found = regionMasks(layout, size, { active, images })[place];
  if (found === undefined) throw new RangeError(`Cannot find the region "${area.region}"`);
  return found;
}

/**
 * A mask's share of each latent cell, [height / factor, width / factor]: the mean over its pixels.
 * @param mask [height, width]
 */
export function cellShares(mask: Float32Array, { width, height }: PictureSize, factor: number): Float32Array {
  const columns = width / factor;
  const sums = new Float64Array(columns * height / factor);
  for (let i = 0; i < mask.length; i++) {
    const cell = Math.floor(Math.floor(i / width) / factor) * columns + Math.floor((i % width) / factor);
    sums[cell] = (sums[cell] ?? 0) + (mask[i] ?? 0);
  }
  return Float32Array.from(sums, (sum) => sum / (factor * factor));
}

/**
 * The painted picture where the mask is 1, the one it started from where it is 0, bit for bit, and both by their shares
 * in between.
 * @param mask [height, width]
 */
export function pasteBack(painted: RgbImage, original: RgbImage, mask: Float32Array): RgbImage {
  const data = painted.data.map((value, i) => {
    const share = mask[Math.floor(i / 3)] ?? 0;
    return Math.round(share * value + (1 - share) * (original.data[i] ?? 0));
  });
  return { ...painted, data };
}

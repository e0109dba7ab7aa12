/** Writing JPEG and WebP files, with MozJPEG and libwebp compiled to WebAssembly (jSquash). */

import encodeMozJpeg, { init as initMozJpeg } from "@jsquash/jpeg/encode.js";
import encodeLibWebp, { init as initLibWebp } from "@jsquash/webp/encode.js";
import { instantiate } from "./instantiate.ts";
import type { Pixels } from "./pixels.ts";
// @ts-types="./wasm.d.ts"
import { jpegEncoder, webpEncoder } from "./wasm.js";

let jpegReady: Promise<unknown> | undefined;
let webpReady: Promise<unknown> | undefined;

/** A baseline JPEG file: half the time of a progressive one for 5% more bytes. No alpha. `quality` is from 1 to 100. */
export async function encodeJpeg(source: Pixels, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  await (jpegReady ??= initMozJpeg({ instantiateWasm: instantiate(jpegEncoder) }));
  return new Uint8Array(await encodeMozJpeg(imageData(source), { quality, progressive: false, baseline: true }));
}

/**
 * A lossy WebP file, with alpha if any pixel is transparent. `quality` is from 1 to 100. libwebp's effort is 0 of 6: a
 * quarter of the time of its default for a third more bytes.
 */
export async function encodeWebp(source: Pixels, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  await (webpReady ??= initLibWebp({ instantiateWasm: instantiate(webpEncoder) }));
  return new Uint8Array(await encodeLibWebp(imageData(source), { quality, method: 0 }));
}

function imageData({ width, height, channels, data }: Pixels): ImageData {
  if (channels === 4) return new ImageData(new Uint8ClampedArray(data), width, height);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + 1] ?? 0;
    rgba[to + 2] = data[from + 2] ?? 0;
  }
  return new ImageData(rgba, width, height);
}

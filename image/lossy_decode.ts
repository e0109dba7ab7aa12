/** Reading JPEG and WebP files, with MozJPEG and libwebp compiled to WebAssembly (jSquash). */

import decodeMozJpeg, { init as initMozJpeg } from "@jsquash/jpeg/decode.js";
import decodeLibWebp, { init as initLibWebp } from "@jsquash/webp/decode.js";
import { instantiate } from "./instantiate.ts";
import { type Pixels, pixels } from "./pixels.ts";
// @ts-types="./wasm.d.ts"
import { jpegDecoder, webpDecoder } from "./wasm.js";

/** What MozJPEG has to say of the file that it decodes. */
const complaints: string[] = [];

let jpegReady: Promise<void> | undefined;
let webpReady: Promise<void> | undefined;

/** What a JPEG file shows, turned as its Exif orientation says. Throws whatever the codec throws. */
export async function decodeJpeg(file: Uint8Array): Promise<Pixels> {
  const options = { instantiateWasm: instantiate(jpegDecoder), printErr: (line: string) => complaints.push(line) };
  await (jpegReady ??= initMozJpeg(options));
  complaints.length = 0;
  try {
    const decoded = await decodeMozJpeg(bufferOf(file), { preserveOrientation: true });
    // Where data is missing the codec goes on with grey. Superfluous bytes do no harm, and cameras write some.
    const damage = complaints.find((line) =>
      line.startsWith("Corrupt JPEG data") && !line.includes("extraneous bytes")
    );
    if (damage !== undefined) throw new Error(damage);
    return pixelsOf(decoded);
  } catch (error) {
    jpegReady = undefined; // an instance that failed is left in the middle of its work
    throw complaints.length === 0 ? error : new Error(complaints.at(-1));
  }
}

/** What a WebP file shows. Throws whatever the codec throws. */
export async function decodeWebp(file: Uint8Array): Promise<Pixels> {
  await (webpReady ??= initLibWebp({ instantiateWasm: instantiate(webpDecoder) }));
  try {
    return pixelsOf(await decodeLibWebp(bufferOf(file)));
  } catch (error) {
    webpReady = undefined;
    throw error;
  }
}

/** The codecs take a whole buffer. */
function bufferOf(file: Uint8Array): ArrayBuffer {
  return new Uint8Array(file).buffer;
}

function pixelsOf({ width, height, data }: ImageData): Pixels {
  return pixels(width, height, 4, new Uint8Array(data.buffer, data.byteOffset, data.length));
}

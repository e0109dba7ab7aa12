/** The thread that decodes files of strangers, and can be ended when one keeps it busy. */

import { expose } from "comlink";
import { opaqueColours } from "./colours.ts";
import { decodeImage } from "./decode.ts";
import { type DecodedImage, type DecoderApi, MAX_COLOURS } from "./decoder_protocol.ts";
import { failure, type Outcome } from "./outcome.ts";

async function decode(file: Uint8Array, maxPixels: number): Promise<Outcome<DecodedImage>> {
  try {
    const { format, pixels } = await decodeImage(file, maxPixels);
    const data = new Uint8Array(new SharedArrayBuffer(pixels.data.length));
    data.set(pixels.data);
    return {
      type: "DONE",
      value: { format, pixels: { ...pixels, data }, colours: opaqueColours(pixels, MAX_COLOURS) },
    };
  } catch (error) {
    return failure(error);
  }
}

expose({ decode } satisfies DecoderApi);

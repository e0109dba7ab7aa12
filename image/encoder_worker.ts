/** The thread that resizes and encodes. */

import { expose, transfer } from "comlink";
import { InvalidInputError } from "../errors.ts";
import { encodeImage } from "./encode.ts";
import type { EncodedImage, EncoderApi, EncodeRequest } from "./encoder_protocol.ts";
import { mimeType } from "./format.ts";
import { failure, type Outcome } from "./outcome.ts";
import type { Pixels } from "./pixels.ts";
import { fitWithin, scaleToEdge } from "./resize.ts";

async function encode(source: Pixels, request: EncodeRequest): Promise<Outcome<EncodedImage>> {
  try {
    const { format } = request;
    const sized = atSize(source, request);
    const bytes = await encodeImage(sized, format, request);
    const value = { bytes, width: sized.width, height: sized.height, mimeType: mimeType(format) };
    return transfer({ type: "DONE", value }, [bytes.buffer]);
  } catch (error) {
    return failure(error);
  }
}

function atSize(source: Pixels, { maxEdge, edge }: EncodeRequest): Pixels {
  if (edge === undefined) return maxEdge === undefined ? source : fitWithin(source, maxEdge);
  if (maxEdge !== undefined) {
    throw new InvalidInputError("INVALID_VALUE", ["edge"], edge, "must be absent where maxEdge is given");
  }
  return scaleToEdge(source, edge);
}

expose({ encode } satisfies EncoderApi);

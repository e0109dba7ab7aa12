/** What a request takes of memory beside the weights of the parts that every picture takes. */

import { autoencoderBytes, encoderBytes, unetBytes } from "../model/inspect.ts";
import type { ModelConfig } from "../model/config.ts";
import type { WindowedRequest } from "./picture_windows.ts";
import type { PictureRequest } from "./request.ts";
import { finishedSize, largestPrediction } from "./second_request.ts";
import type { StepsRequest } from "./strength.ts";

/** Bytes of a picture. */
const CHANNELS = 3;

/**
 * Estimated bytes: of the largest prediction, of the autoencoder and of the finished picture; and the encoder's weights,
 * where something is encoded.
 */
export function pictureBytes(
  config: ModelConfig,
  request: WindowedRequest & StepsRequest & Pick<PictureRequest, "secondPass">,
): number {
  const size = finishedSize(request);
  const encodes = request.init !== undefined || request.secondPass?.upscale === "pixel";
  return unetBytes(config, largestPrediction(request)) + autoencoderBytes(config, size) +
    CHANNELS * size.width * size.height + (encodes ? encoderBytes(config) : 0);
}

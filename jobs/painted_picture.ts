/** A picture that is painted and encoded, and not stored yet. */

import type { GenerationTiming } from "../compute/pipeline/generation_output.ts";
import { finishedSize } from "../compute/pipeline/second_request.ts";
import { mimeType } from "../image/format.ts";
import type { GenerationImage, Json } from "./generation.ts";
import type { GenerationRequest } from "./request.ts";

/** A picture as it will be stored. */
export type EncodedPicture = Pick<GenerationImage, "format" | "width" | "height"> & {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
};

/** The same, with what it took. */
export interface PaintedPicture extends EncodedPicture {
  readonly timing: GenerationTiming;
  readonly attention: Json;
}

/** Whether a value that was kept is a picture of the request: another in its place would be taken for the request's. */
export function isPaintedPicture(value: unknown, request: GenerationRequest): value is PaintedPicture {
  if (typeof value !== "object" || value === null) return false;
  const size = finishedSize(request);
  const { bytes, width, height, format, mimeType: type, timing, attention } = value as Partial<PaintedPicture>;
  const isTime = (ms: unknown) => typeof ms === "number" && ms >= 0;
  return bytes instanceof Uint8Array && bytes.length > 0 && width === size.width && height === size.height &&
    format === request.format && type === mimeType(request.format) && Array.isArray(attention) &&
    typeof timing === "object" && timing !== null && Object.values(timing).every(isTime);
}

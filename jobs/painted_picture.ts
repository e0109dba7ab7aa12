/** A picture that is painted and encoded, and not stored yet. */

import type { GenerationTiming } from "../compute/pipeline/generation_output.ts";
import type { GenerationImage, Json } from "./generation.ts";

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

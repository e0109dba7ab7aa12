/** What the decoder's two threads say to each other. */

import type { ColourShare } from "./colours.ts";
import type { ImageFormat } from "./format.ts";
import type { Outcome } from "./outcome.ts";
import type { Pixels } from "./pixels.ts";

/** A decoded file. */
export interface DecodedImage {
  readonly format: ImageFormat;
  /** Four channels, in shared memory, so that several threads can read it; none writes to it. */
  readonly pixels: Pixels;
  /** Of its wholly opaque pixels, the most frequent first; null if they are more than {@link MAX_COLOURS}. */
  readonly colours: readonly ColourShare[] | null;
}

/** The most colours that are counted. */
export const MAX_COLOURS = 64;

/** The worker's side, called through comlink. */
export interface DecoderApi {
  /** Decodes a file of at most `maxPixels` pixels. Never rejects: every way it can end is an outcome. */
  decode(file: Uint8Array, maxPixels: number): Promise<Outcome<DecodedImage>>;
}

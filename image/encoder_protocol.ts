/** What the encoder's two threads say to each other. */

import type { EncodeOptions, ImageFormat } from "./format.ts";
import type { Outcome } from "./outcome.ts";
import type { Pixels } from "./pixels.ts";

/** What to make of the pixels: the size, then the file. */
export interface EncodeRequest extends EncodeOptions {
  readonly format: ImageFormat;
  /** Shrinks to this longest edge, in pixels; never enlarges. Not together with `edge`. */
  readonly maxEdge?: number;
  /** Shrinks or enlarges to exactly this longest edge, in pixels, for previews at latent size. */
  readonly edge?: number;
}

/** A picture as a file. */
export interface EncodedImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the picture in the file, in pixels, after any resizing. */
  readonly width: number;
  readonly height: number;
  /** Such as `image/png`. */
  readonly mimeType: string;
}

/** The worker's side, called through comlink. */
export interface EncoderApi {
  /** Resizes if told to, then encodes. Never rejects: every way it can end is an outcome. */
  encode(source: Pixels, request: EncodeRequest): Promise<Outcome<EncodedImage>>;
}

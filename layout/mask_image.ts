/** The decoded images of painted masks. */

/** An image, row-major [height, width, 4]: red, green, blue and alpha, not premultiplied. */
export interface MaskImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Images by the SHA-256 of their files. */
export type MaskImages = ReadonlyMap<string, MaskImage>;

/** The images that requests name, as checks and painters ask for them. */

import { type FieldPath, InvalidInputError } from "../errors.ts";
import type { ColourShare } from "../image/colours.ts";
import type { ImageFormat } from "../image/format.ts";
import type { Layout } from "../layout/layout.ts";
import type { MaskImage, MaskImages } from "../layout/masks/mask_image.ts";
import type { MaskUse } from "../layout/masks/mask_uses.ts";

/** A stored image and what it shows. */
export interface Mask {
  /** The SHA-256 of the file. */
  readonly asset: string;
  readonly format: ImageFormat;
  /** Size of the file. */
  readonly bytes: number;
  readonly image: MaskImage;
  /** Of its opaque pixels; null if they are too many to be regions. */
  readonly colours: readonly ColourShare[] | null;
}

/** Where images are: what is stored here, or what a page fetches. */
export interface KnownImages {
  /**
   * An image by its hash; null if there is none, or if what is there is damaged.
   * @throws {InvalidInputError} at `image` if it does not decode within the limits.
   */
  find(asset: string): Promise<Mask | null>;

  /**
   * The images that a layout's masks name.
   * @param path Where the layout stands in the caller's input.
   * @throws {InvalidInputErrors} at each mask whose image cannot be had.
   */
  imagesOf(layout: Pick<Layout, "regions">, path: FieldPath): Promise<MaskImages>;
}

/** The rule that a mask breaks whose image is not there. */
export const MISSING = "must be the id or URL of an uploaded mask";

/**
 * The problem with a mask whose image is not there.
 * @param path Where the layout stands in the caller's input.
 */
export function missingMask(use: MaskUse, path: FieldPath): InvalidInputError {
  return new InvalidInputError("INVALID_GEOMETRY", [...path, ...use.path], use.asset, MISSING);
}
